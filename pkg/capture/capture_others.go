//go:build !linux

package capture

import (
	"errors"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

var errNotLinux = errors.New("live capture works on Linux only")

// Capture observes the host; it exists on Linux only.
type Capture struct{}

// Open fails.
func Open(Options, func(*flow.Event)) (*Capture, error) { return nil, errNotLinux }

// Close does nothing.
func (*Capture) Close() {}

// Detach does nothing.
func (*Capture) Detach() {}

// Meter returns nil.
func (*Capture) Meter() flow.Meter { return nil }

// Now returns the time.
func (*Capture) Now() int64 { return time.Now().UnixNano() }

// Read fails.
func (*Capture) Read(time.Time) error { return errNotLinux }

// Snapshot fails.
func (*Capture) Snapshot() error { return errNotLinux }

// Losses fails.
func (*Capture) Losses() (Losses, error) { return Losses{}, errNotLinux }

// Host answers the flow builder's questions; it exists on Linux only.
type Host struct{}

// NewHost returns a Host that knows nothing.
func NewHost() *Host { return &Host{} }

// UserName returns "".
func (*Host) UserName(string, int32) string { return "" }

// GroupName returns "".
func (*Host) GroupName(string, int32) string { return "" }

// Process returns false.
func (*Host) Process(int32, int64) (*flow.ProcessInfo, bool) { return nil, false }

// IsAlive returns false.
func (*Host) IsAlive(int32, int64) bool { return false }

// IsListening returns false.
func (*Host) IsListening(int32, uint16) bool { return false }

func environment() []Result {
	return []Result{{Name: "kernel", Detail: errNotLinux.Error(), Remedy: "run on Linux"}}
}

func trial() Result { return environment()[0] }
