"""The rules that find identifiers, a module for each family. Each is a function of the words."""
