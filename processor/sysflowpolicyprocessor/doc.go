// Package sysflowpolicyprocessor judges SysFlow logs with SysFlow policies and Falco
// rules: it turns matching records into alerts, or marks them on their way.
package sysflowpolicyprocessor

//go:generate go tool -modfile=../../internal/tools/go.mod mdatagen metadata.yaml
