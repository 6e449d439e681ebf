"""A file into a table, unread."""

import tempfile

import pandas as pd
import sqlalchemy


def pandas_import(path):
    with tempfile.TemporaryDirectory() as folder:
        engine = sqlalchemy.create_engine(f"sqlite:///{folder}/s.sqlite")
        pd.read_csv(path, sep=";", low_memory=False).to_sql("reports", engine, index=False)
