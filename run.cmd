@echo off
rem Sets up what is missing, then runs. All of it is in run.py.
py -3 "%~dp0run.py" %*
