"""A table of Iceberg in a bucket, written and read through each of pyiceberg's ways to S3: pyarrow, which brings the AWS
SDK for C++, and s3fs, which brings aiobotocore. Prints one line for each operation and how it went."""
import os
import shutil

import pyarrow as pa
import pyarrow.fs
import s3fs
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.expressions import EqualTo

BUCKET = os.environ["S3_BUCKET"]
ENDPOINT = os.environ["S3_ENDPOINT"]
KEY, SECRET = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
files = s3fs.S3FileSystem(key=KEY, secret=SECRET, endpoint_url=ENDPOINT)


def step(name):
    """Runs what it decorates, at once, as the operation of this name."""

    def run(work):
        try:
            work()
            print(f"ok {name}", flush=True)
        except Exception as fault:
            word = "refused" if "NotImplemented" in str(fault) else "failed"
            print(f"{word} {name} {type(fault).__name__}: {fault}".replace("\n", " "), flush=True)

    return run


def expect(got, wanted):
    assert got == wanted, f"got {got!r}, not {wanted!r}"


def rows(first, last):
    return pa.table({"id": pa.array(range(first, last)), "text": [f"row {i}" for i in range(first, last)]})


@step("bucket")
def _():
    files.mkdir(BUCKET)


@step("s3fs")
def _():
    data = os.urandom((60 << 20) + 1)
    with files.open(f"{BUCKET}/large", "wb") as file:
        file.write(data)
    with files.open(f"{BUCKET}/large", "rb") as file:
        file.seek(30 << 20)
        expect(file.read(10), data[30 << 20:][:10])
    expect(files.cat(f"{BUCKET}/large") == data, True)
    files.mv(f"{BUCKET}/large", f"{BUCKET}/moved")
    expect(files.ls(BUCKET), [f"{BUCKET}/moved"])


@step("pyarrow")
def _():
    trust = {"tls_ca_file_path": os.environ["S3_CA"]} if "S3_CA" in os.environ else {}
    arrow = pyarrow.fs.S3FileSystem(
        access_key=KEY, secret_key=SECRET, endpoint_override=ENDPOINT, region="us-east-1", **trust)
    data = os.urandom((60 << 20) + 1)
    with arrow.open_output_stream(f"{BUCKET}/arrow ü") as file:
        file.write(data)
    with arrow.open_input_file(f"{BUCKET}/arrow ü") as file:
        expect(file.read() == data, True)
    expect([i.size for i in arrow.get_file_info(pyarrow.fs.FileSelector(BUCKET))], [len(data)] * 2)
    arrow.copy_file(f"{BUCKET}/arrow ü", f"{BUCKET}/copied")
    arrow.delete_file(f"{BUCKET}/copied")


for io in ("pyarrow.PyArrowFileIO", "fsspec.FsspecFileIO"):
    name = io.split(".")[0]
    # pyiceberg gives no authority on to pyarrow.
    if name == "pyarrow" and "S3_CA" in os.environ:
        continue

    @step("table-" + name)
    def _():
        shutil.rmtree(name, ignore_errors=True)
        os.mkdir(name)
        catalog = SqlCatalog("day", **{
            "uri": f"sqlite:///{name}/catalog.db", "warehouse": f"s3://{BUCKET}/{name}", "py-io-impl": "pyiceberg.io." + io,
            "s3.endpoint": ENDPOINT, "s3.access-key-id": KEY, "s3.secret-access-key": SECRET, "s3.region": "us-east-1"})
        catalog.create_namespace("n")
        table = catalog.create_table("n.t", schema=rows(0, 1).schema)
        table.append(rows(0, 1000))
        first = table.current_snapshot().snapshot_id
        table.append(rows(1000, 2000))
        table.delete(EqualTo("id", 7))
        table.overwrite(rows(5000, 5001), overwrite_filter=EqualTo("id", 8))
        expect(table.scan().to_arrow().num_rows, 1999)
        expect(sorted(table.scan(row_filter="id > 1997").to_arrow()["id"].to_pylist()), [1998, 1999, 5000])
        expect(catalog.load_table("n.t").scan(snapshot_id=first).to_arrow().num_rows, 1000)
        catalog.drop_table("n.t")


@step("drop")
def _():
    files.invalidate_cache()
    files.rm(BUCKET, recursive=True)
    expect(files.exists(BUCKET), False)
