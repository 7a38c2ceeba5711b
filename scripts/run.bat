@echo off
rem Makes .venv, installs the program and runs the main job on the embedded Anting study.
rem Usage: scripts\run.bat [STUDY] [--out DIR]     set PYTHON=C:\path\python.exe uses that Python.
setlocal
cd /d "%~dp0.."
if "%PYTHON%"=="" set PYTHON=python
"%PYTHON%" -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" 2>nul
if errorlevel 1 (
    echo Python 3.11-3.13 is needed: set PYTHON=C:\path\to\python.exe 1>&2
    exit /b 1
)
if not exist .venv\Scripts\python.exe "%PYTHON%" -m venv .venv
if errorlevel 1 exit /b 1
echo installing ... 1>&2
.venv\Scripts\python.exe -m pip install --quiet --disable-pip-version-check --editable .
if errorlevel 1 exit /b 1
.venv\Scripts\python.exe -m accessibility run %*
exit /b %errorlevel%
