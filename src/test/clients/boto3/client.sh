title=boto3
kind=sdk

prepare() {
  python 'boto3[crt]' # crt: CRC32C, CRC64NVME
  venv/bin/python -c 'import boto3; print(boto3.__version__)'
}

day() { venv/bin/python "$folder/day.py"; }
