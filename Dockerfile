# Every step runs on any Debian-based image with Python 3.11 or newer, without root tricks or a running Docker.
ARG BASE=python:3.12-slim
FROM ${BASE} AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python3 -m venv /opt/kkn && /opt/kkn/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY kkn_mailer kkn_mailer
COPY templates templates
COPY config config
RUN /opt/kkn/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM ${BASE}
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin kkn \
    && mkdir -p /data /app/config && chown kkn /data
COPY --from=build /opt/kkn /opt/kkn
COPY config /app/config
COPY templates /app/templates
ENV PATH=/opt/kkn/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    KKN_CONFIG=/app/config \
    KKN_ROSTER__PATH=/data/deltagare.xlsx \
    KKN_JOURNAL__URL=sqlite:////data/journal.db
WORKDIR /data
USER 10001
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=20s --start-period=120s --retries=3 CMD ["kkn-mailer", "health"]
ENTRYPOINT ["kkn-mailer"]
CMD ["run"]
