package flow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Filter decides whose records are written. What it does not want is kept in the tables all the
// same: as ancestors of other processes, and for the time when it is wanted.
type Filter interface {
	// Wants is asked about each process that appears, after those of its ancestors that are
	// known, and again whenever something about it has changed. The process is described as
	// it would be written, and may be kept.
	Wants(p *sysflow.Process) bool
}

// judge asks the filter about a process that is new or has changed.
func (b *Builder) judge(p *process) {
	if b.cfg.Filter != nil {
		p.unwanted = !b.cfg.Filter.Wants(b.describeProcess(p, sysflow.StateReup, b.clock))
	}
}

// Reconsider asks the filter again about the processes of some containers, because more is known
// of these now; about all processes if none is named.
func (b *Builder) Reconsider(containerIDs ...string) {
	if b.cfg.Filter == nil {
		return
	}
	for _, p := range b.procs {
		if len(containerIDs) == 0 || slices.Contains(containerIDs, p.info.ContainerID) {
			b.judge(p)
		}
	}
}

// ReadOnlyFiles says which flows of files that were only read are written.
type ReadOnlyFiles uint8

const (
	// KeepReadOnly writes all.
	KeepReadOnly ReadOnlyFiles = iota
	// DropReadOnlySystem leaves out those of libraries, devices and the kernel's own files:
	// below /dev, /lib, /lib64, /proc, /sys, /usr/lib and /usr/lib64.
	DropReadOnlySystem
	// DropReadOnly leaves out all.
	DropReadOnly
)

var readOnlyNames = []string{"keep", "drop_system", "drop"}

// String returns the choice as it is configured.
func (r ReadOnlyFiles) String() string {
	if int(r) < len(readOnlyNames) {
		return readOnlyNames[r]
	}
	return fmt.Sprintf("choice %d", uint8(r))
}

// MarshalText implements encoding.TextMarshaler.
func (r ReadOnlyFiles) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *ReadOnlyFiles) UnmarshalText(text []byte) error {
	i := slices.Index(readOnlyNames, string(text))
	if i < 0 {
		return fmt.Errorf("must be one of %s, is %q", strings.Join(readOnlyNames, ", "), text)
	}
	*r = ReadOnlyFiles(i)
	return nil
}

// systemDirs are where DropReadOnlySystem applies; as in sf-collector's readonly.h.
var systemDirs = [...]string{"/proc/", "/dev/", "/sys/", "/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"}

// leavesOut reports whether a flow is not to be written: that of a process that the filter does
// not want, or of a file that was only read. A file that was open for writing counts as
// written; sf-collector drops also what was opened for both.
func (b *Builder) leavesOut(f *flow) bool {
	if f.proc.unwanted {
		return true
	}
	if f.file == nil || b.cfg.ReadOnlyFiles == KeepReadOnly || !f.onlyReads() {
		return false
	}
	return b.cfg.ReadOnlyFiles == DropReadOnly || isSystemFile(f.file.path)
}

// onlyReads reports whether a flow is of a file that was opened for reading alone or, if the open
// was not seen, only read from since.
func (f *flow) onlyReads() bool {
	if f.openFlags != 0 {
		return !f.openFlags.CanWrite()
	}
	const changes = sysflow.OpWriteSend | sysflow.OpMmap | sysflow.OpSetns
	return f.known.NumRRecvOps > 0 && f.known.NumWSendOps == 0 && f.known.OpFlags&changes == 0
}

func isSystemFile(path string) bool {
	for _, dir := range systemDirs {
		if len(path) > len(dir) && path[:len(dir)] == dir {
			return true
		}
	}
	return false
}
