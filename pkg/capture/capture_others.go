//go:build !linux || !(amd64 || arm64)

package capture

import (
	"errors"
	"time"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/flow"
)

var errNoCapture = errors.New("live capture works on Linux on x86-64 and arm64 only")

// Capture observes the host; it exists on Linux on x86-64 and arm64 only.
type Capture struct{}

// Open fails.
func Open(Options, func(*flow.Event)) (*Capture, error) { return nil, errNoCapture }

// Close does nothing.
func (*Capture) Close() {}

// Detach does nothing.
func (*Capture) Detach() {}

// Describe returns "".
func (*Capture) Describe() string { return "" }

// Meter returns nil.
func (*Capture) Meter() flow.Meter { return nil }

// Now returns the time.
func (*Capture) Now() int64 { return time.Now().UnixNano() }

// Read fails.
func (*Capture) Read(time.Time) error { return errNoCapture }

// Seen returns nothing of use.
func (*Capture) Seen() int64 { return 0 }

// Drain fails.
func (*Capture) Drain() error { return errNoCapture }

// Snapshot fails.
func (*Capture) Snapshot() error { return errNoCapture }

// Losses fails.
func (*Capture) Losses() (Losses, error) { return Losses{}, errNoCapture }

// Judge fails.
func (*Capture) Judge(int32, int64, bool) error { return errNoCapture }

// Host answers the flow builder's questions; it exists on Linux on x86-64 and arm64 only.
type Host struct{}

// NewHost returns a Host that knows nothing.
func NewHost() *Host { return &Host{} }

// UseContainers does nothing.
func (*Host) UseContainers(*Containers) {}

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
	return []Result{{Name: "system", Detail: errNoCapture.Error(), Remedy: "run on Linux on x86-64 or arm64, or replay stored traces"}}
}

func trial() Result { return environment()[0] }
