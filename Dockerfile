FROM python:3.11-slim
WORKDIR /app
COPY pyproject.toml README.md LICENSE run_bot.py ./
COPY bot bot
COPY knowledge knowledge
RUN pip install --no-cache-dir --editable '.[postgres]' \
    && useradd --create-home guidebot && mkdir /cache /data && chown guidebot /cache /data
USER guidebot
ENV CACHE_DIR=/cache DATA_DIR=/data
# fit the index once, so that the container starts at once
RUN python run_bot.py ask hello > /dev/null
CMD ["python", "run_bot.py"]
