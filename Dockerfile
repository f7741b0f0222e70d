# Slim, non-root, with a health check; migrates on start. All that it writes is in /data and /tmp,
# so it runs with: docker run --read-only --tmpfs /tmp --cap-drop ALL -v kpi-data:/data ...
FROM python:3.12.11-slim-bookworm AS packages
COPY requirements.lock .
RUN python -m venv /packages \
    && /packages/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
       -r requirements.lock

FROM python:3.12.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --create-home kpi
COPY --from=packages /packages /packages
WORKDIR /srv/kpi
COPY migrations ./migrations
COPY app ./app
COPY manifest.yml ./
RUN python -m compileall -q app migrations
ENV PATH=/packages/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/kpi.db \
    KPI_HOST=0.0.0.0 \
    KPI_PORT=3000
USER 10001
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"KPI_PORT\"]}/health/live', timeout=4)"]
CMD ["sh", "-c", "python -m app migrate && exec python -m app serve"]
