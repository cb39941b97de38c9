# docker build -t takeback .
# docker run --rm -p 8000:8000 -v takeback:/data --read-only --tmpfs /tmp takeback

ARG PYTHON_IMAGE=python:3.13-slim-trixie

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.txt .ci/requirements-build.txt ./
RUN python -m pip install --require-hashes --no-deps -r requirements-build.txt \
    && python -m venv /opt/takeback \
    && /opt/takeback/bin/python -m pip install --require-hashes --no-deps -r requirements.txt
COPY . .
RUN python -m pip wheel --no-build-isolation --no-deps --wheel-dir /wheel . \
    && /opt/takeback/bin/python -m pip install --no-deps /wheel/*.whl \
    && /opt/takeback/bin/python -m pip uninstall --yes pip

FROM ${PYTHON_IMAGE}
COPY --from=build /opt/takeback /opt/takeback
# The kernel is compiled for any CPU of this architecture: whoever runs the image loads it.
ENV PATH=/opt/takeback/bin:$PATH \
    NUMBA_CACHE_DIR=/opt/takeback/kernel \
    NUMBA_CPU_NAME=generic
# Compile what the program imports, so that it starts fast though it may not write; any user may keep data.
RUN python -c "import app.main; assert app.main.choose_backend('auto').compiled" && mkdir -m 1777 /data
ENV HOST=0.0.0.0 \
    PORT=8000 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TAKEBACK_DATA_DIR=/data
WORKDIR /data
VOLUME /data
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:' + os.environ['PORT'] + '/health/live', timeout=2)"]
CMD ["takeback"]
