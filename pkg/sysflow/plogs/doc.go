// Package plogs maps SysFlow records to OpenTelemetry logs and back, without loss.
package plogs
