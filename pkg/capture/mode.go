package capture

import (
	"fmt"
	"slices"
	"strings"
)

// Mode says which kinds of events are captured; those named as in SysFlow's collector mean what
// they do there.
type Mode uint8

const (
	// ModeFull captures all that Options asks for.
	ModeFull Mode = iota
	// ModeFlow captures what SysFlow's collector does: no event groups.
	ModeFlow
	// ModeNoFiles captures neither files nor operations on names, nor unix sockets.
	ModeNoFiles
	// ModeConsume sees neither reads and writes, nor maps of files, shutdowns and changes of
	// namespaces: of files that they are opened, of connections what send and receive calls
	// move. No event groups.
	ModeConsume
)

var modeNames = []string{"full", "flow", "no_files", "consume"}

// String returns the mode as it is configured.
func (m Mode) String() string {
	if int(m) < len(modeNames) {
		return modeNames[m]
	}
	return fmt.Sprintf("mode %d", uint8(m))
}

// MarshalText implements encoding.TextMarshaler.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *Mode) UnmarshalText(text []byte) error {
	i := slices.Index(modeNames, string(text))
	if i < 0 {
		return fmt.Errorf("must be one of %s, is %q", strings.Join(modeNames, ", "), text)
	}
	*m = Mode(i)
	return nil
}
