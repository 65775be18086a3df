// Package sysflowreceiver captures the behaviour of the host with eBPF and yields it as
// SysFlow in logs.
package sysflowreceiver

//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml
