# One file, two images: `site` (web, site worker, scheduler) and `worker` (match workers, without Django).
FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ORT_DISABLE_TELEMETRY=1
RUN groupadd --gid 10001 coliseum \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/coliseum coliseum \
 && install -d -o coliseum -g coliseum -m 0750 /var/lib/coliseum
WORKDIR /srv/coliseum

FROM base AS worker
COPY requirements/worker.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/worker.txt
COPY pyproject.toml README.md LICENSE ./
COPY arenas arenas
COPY workers workers
ENV PYTHONPATH=/srv/coliseum
USER coliseum
CMD ["python", "-m", "celery", "-A", "workers.celery_app", "worker", "-Q", "matches", "-n", "matches@%h", "--without-gossip", "--without-mingle", "--loglevel", "info"]

FROM base AS site
COPY requirements/platform.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/platform.txt
COPY . .
ENV PYTHONPATH=/srv/coliseum:/srv/coliseum/platform DJANGO_SETTINGS_MODULE=coliseum.settings COLISEUM_HOME=/var/lib/coliseum
USER coliseum
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/-/ready', timeout=2)"]
CMD ["python", "-m", "uvicorn", "coliseum.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--no-access-log"]
