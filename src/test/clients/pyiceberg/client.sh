title="Iceberg (pyiceberg)"
kind=program

prepare() {
  python 'pyiceberg[pyarrow,s3fs,sql-sqlite]'
  venv/bin/python -c 'import importlib.metadata as m; print(*(f"{n} {m.version(n)}" for n in ("pyiceberg", "pyarrow", "s3fs")), sep=", ")'
}

day() { venv/bin/python "$folder/day.py"; }
