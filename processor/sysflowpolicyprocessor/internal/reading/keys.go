package reading

import semconv "go.opentelemetry.io/otel/semconv/v1.38.0"

// Keys that other senders use for what SysFlow has under keys of its own.
const (
	keyCommandArgs = string(semconv.ProcessCommandArgsKey)
	keyOwner       = string(semconv.ProcessOwnerKey)
)
