package plogs

import (
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// keysOfFile are the keys that describe one of the two files of a record.
type keysOfFile struct {
	path, typ, state, ts, oid, container string
}

var (
	fileKeys = keysOfFile{
		path: KeyFilePath, typ: KeyFileType, state: KeyFileState,
		ts: KeyFileTS, oid: KeyFileOID, container: KeyFileContainer,
	}
	newFileKeys = keysOfFile{
		path: KeyNewPath, typ: KeyNewType, state: KeyNewState,
		ts: KeyNewTS, oid: KeyNewOID, container: KeyNewContainer,
	}
)

// putFileOf describes the file with the given id, or gives just the id when the
// stream never described the file.
func (e *Encoder) putFileOf(m pcommon.Map, keys *keysOfFile, id sysflow.FOID, container string) {
	f := e.table.File(id)
	if f == nil {
		m.PutStr(keys.oid, id.String())
		return
	}
	first := e.pending.remove(f)
	e.putFile(m, keys, f, container, first)
}

// putFile describes a file. What readers can derive is left out: the container when
// it is that of the process, the id when it is the hash of container and path, the
// state when the file existed before. State and time are given only on the first
// record that carries the file.
func (e *Encoder) putFile(m pcommon.Map, keys *keysOfFile, f *sysflow.File, container string, first bool) {
	putText(m, keys.path, f.Path)
	if f.Type != sysflow.FileUnknown {
		putFileType(m, keys.typ, f.Type)
	}
	// A file without path and type must still look described.
	bare := f.Path == "" && f.Type == sysflow.FileUnknown
	if first && f.State != sysflow.StateReup || bare {
		m.PutStr(keys.state, f.State.String())
	}
	if first {
		m.PutInt(keys.ts, f.TS)
	}
	if f.ContainerID != container {
		putString(m, keys.container, f.ContainerID) // even if empty: not the process's
	}
	if e.odd.File(f.OID) == f {
		m.PutStr(keys.oid, f.OID.String())
	}
}

func putFileType(m pcommon.Map, key string, t sysflow.FileType) {
	switch t {
	case sysflow.FileRegular:
		m.PutStr(key, "f")
	case sysflow.FileDirectory:
		m.PutStr(key, "d")
	case sysflow.FileUnix:
		m.PutStr(key, "u")
	case sysflow.FilePipe:
		m.PutStr(key, "p")
	default:
		if t > ' ' && t < 0x7f {
			m.PutStr(key, t.String())
		} else {
			m.PutStr(key, "#"+strconv.Itoa(int(t))) // no letter, but nothing may be lost
		}
	}
}
