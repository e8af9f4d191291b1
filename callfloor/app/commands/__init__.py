"""
The commands that read or change a centre's file, one module each: `add` its parser, `run` it.

`app.cli` lists them. A module loads only argparse until its command runs.
"""
