# One static binary on an image with nothing else in it but CA certificates.
#   docker build --build-arg VERSION="$(git describe --tags --always --dirty)" -t maitre .
#   docker run --env-file .env -e ADMIN_PASSWORD=… -p 8000:8000 -v maitre-data:/data maitre
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o /maitre .
RUN mkdir -m 0700 /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /maitre /maitre
# A fresh volume takes over the owner of the directory that it covers.
COPY --from=build --chown=nonroot:nonroot /data /data
ENV DATA_DIR=/data LISTEN_HOST=0.0.0.0 PORT=8000
VOLUME /data
EXPOSE 8000
# The same as the image's own stop signal, said aloud: on it, what is in hand is finished and the file is closed.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/maitre"]
CMD ["serve"]
