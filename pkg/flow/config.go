package flow

import "time"

// Config adjusts a Builder. DefaultConfig has the usual values.
type Config struct {
	// FirstExport is how long a flow may be open before it is written for the first
	// time.
	FirstExport time.Duration
	// ExportInterval is the time between two records of a flow that stays open. Not
	// positive means that flows are only written once while they are open.
	ExportInterval time.Duration
	// IdleTimeout is how long a flow may do nothing before it is written for the last
	// time and forgotten, at the first export after it. Not positive means for ever.
	IdleTimeout time.Duration
	// ThreadEvents writes the start and end of each thread, and each failed clone, as
	// a process event instead of summing them up in process flows.
	ThreadEvents bool
	// Filter decides whose records are written; nil wants all.
	Filter Filter
	// ReadOnlyFiles says which flows of files that were only read are written.
	ReadOnlyFiles ReadOnlyFiles
	// OpensOnly writes the flow of a file once, when it is opened, with nothing but that.
	OpensOnly bool
	// MaxProcesses and MaxFiles bound the tables; not positive means no bound. The
	// files of open flows do not count.
	//
	// A record refers only to processes among the last MaxProcesses and files among
	// the last MaxFiles that were written, so that a consumer may forget older ones.
	MaxProcesses int
	MaxFiles     int
}

// DefaultConfig returns the configuration that is documented for the collector.
func DefaultConfig() Config {
	return Config{
		FirstExport:    time.Second,
		ExportInterval: 30 * time.Second,
		IdleTimeout:    60 * time.Second,
		MaxProcesses:   1 << 15,
		MaxFiles:       1 << 15,
	}
}
