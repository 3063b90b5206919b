# Build and run lines, with the read-only file system and the stop grace: docs/running.md
FROM python:3.13-slim AS libraries
COPY requirements.lock .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock

FROM python:3.13-slim
COPY --from=libraries /venv /venv
WORKDIR /app
COPY bot bot
COPY adapters adapters
COPY core core
# Compiled here, because nothing can be written below /app later.
RUN python -m compileall -q . && install -d -o 10001 -g 10001 -m 700 /data
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/chipin.db \
    HTTP_HOST=0.0.0.0
USER 10001:10001
VOLUME /data
# Where Slack calls Chipin, or HTTP_PORT is set: docs/running.md, "What listens".
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
