FROM python:3.11-slim AS built
RUN apt-get update && apt-get install --yes --no-install-recommends binutils && useradd --uid 1000 guidebot
WORKDIR /app
COPY .github/deploy/requirements.txt /
# libraries without debugging symbols; what lies in *.libs would be broken by `strip`
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --no-compile --require-hashes -r /requirements.txt \
    && find /venv -name '*.so' -not -path '*.libs/*' -exec strip --strip-unneeded {} + \
    && find /venv -type d -name tests -prune -exec rm -r {} +
COPY run_bot.py LICENSE ./
COPY bot bot
COPY knowledge knowledge
# fit the index once, so that the container starts at once; 1.7 GB of memory
ENV PYTHONDONTWRITEBYTECODE=1 CACHE_DIR=/cache
RUN /venv/bin/python run_bot.py fit && rm /cache/vectors-*
# compile what a start imports, and only that; there is no Telegram here, so each start ends at once
RUN export PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=/compiled DATA_DIR=/tmp \
        TELEGRAM_BOT_TOKEN=0:none TELEGRAM_API_URL=http://127.0.0.1:1 WEBHOOK_URL=https://example.org; \
    ! /venv/bin/python run_bot.py \
    && ! DATABASE_URL=postgresql://nobody@127.0.0.1:1/none /venv/bin/python run_bot.py webhook
# what Python needs of the system: no shell, no package manager
RUN cd / && mkdir -p -m 1777 /system/data /system/tmp \
    && cp --archive --parents /usr/local/bin/python* /usr/local/lib/libpython* /usr/local/lib/python3.11 \
        /usr/lib/ssl /etc/ssl /etc/ld.so.cache /etc/nsswitch.conf /etc/passwd /etc/group /system \
    && cd /system/usr/local/lib/python3.11 \
    && rm -rf config-* ensurepip idlelib lib2to3 pydoc_data site-packages tkinter turtledemo \
    && find . -name __pycache__ -prune -exec rm -r {} + \
    && cd / && find /venv /system -name '*.so*' -exec ldd /usr/local/bin/python3.11 {} + \
        | awk '$2 == "=>" && $3 ~ "^/(usr/)?lib" { print $3 } $1 ~ "^/lib.*/ld-" { print $1 }' | sort -u \
        | xargs -I {} cp --dereference --parents {} /system

FROM scratch
COPY --from=built /system /
COPY --from=built /venv /venv
COPY --from=built /cache /cache
COPY --from=built /compiled /compiled
COPY --from=built /app /app
WORKDIR /app
USER 1000
ENV PATH=/venv/bin CACHE_DIR=/cache DATA_DIR=/data \
    PYTHONDONTWRITEBYTECODE=1 PYTHONPYCACHEPREFIX=/compiled
# the root file system may be read-only; only SQLite needs /data
VOLUME /data
CMD ["python", "run_bot.py"]
