FROM python:3.11-slim AS built
WORKDIR /app
COPY .github/deploy/requirements.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE run_bot.py ./
COPY bot bot
COPY knowledge knowledge
# fit the index once, so that the container starts at once; 1.7 GB of memory
RUN CACHE_DIR=/cache /venv/bin/python run_bot.py fit \
    && /venv/bin/pip uninstall --quiet --yes pip && find /venv /app -name __pycache__ -prune -exec rm -r {} +

FROM python:3.11-slim
RUN useradd --uid 1000 guidebot && mkdir /data && chown guidebot /data
WORKDIR /app
COPY --from=built /venv /venv
COPY --from=built /cache /cache
COPY --from=built /app /app
USER 1000
ENV PATH=/venv/bin:$PATH CACHE_DIR=/cache DATA_DIR=/data PYTHONDONTWRITEBYTECODE=1
# the root file system may be read-only; only SQLite needs /data
VOLUME /data
CMD ["python", "run_bot.py"]
