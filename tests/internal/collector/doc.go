// Package collector runs the built collector for a test: it finds the binary, gives it
// free ports, waits until it is ready, reads its own metrics and stops it.
package collector
