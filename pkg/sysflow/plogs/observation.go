package plogs

import "github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"

// Observation is one log record with everything it refers to. What is not known is nil.
type Observation struct {
	Header    *sysflow.Header
	Container *sysflow.Container
	Pod       *sysflow.Pod
	Process   *sysflow.Process
	File      *sysflow.File
	NewFile   *sysflow.File
	// Event is the event or flow, nil for a record that only describes entities.
	Event sysflow.Record
	// Alert is what a rule said about it, nil if none did.
	Alert *Alert
}

// startsTrace reports whether the observation is nothing but a header.
func (o *Observation) startsTrace() bool {
	return o.Header != nil && *o == Observation{Header: o.Header}
}
