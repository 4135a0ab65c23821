"""The tables of each kind of file, as this version of the program knows them."""
