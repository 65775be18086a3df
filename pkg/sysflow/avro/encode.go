package avro

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// The append functions write values as SchemaV5 says. Go's signed varints are Avro's.

func appendLong(b []byte, v int64) []byte { return binary.AppendVarint(b, v) }

func appendInt(b []byte, v int32) []byte { return binary.AppendVarint(b, int64(v)) }

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

// appendString writes UTF-8; other bytes would make the file unreadable for
// upstream's reader.
func appendString(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, string(utf8.RuneError))
	}
	return append(appendLong(b, int64(len(s))), s...)
}

// appendOptional writes the union of null and string.
func appendOptional(b []byte, s string) []byte {
	if s == "" {
		return append(b, branchNull)
	}
	return appendString(append(b, branchValue), s)
}

// Branches of the unions with null, zig-zag encoded.
const (
	branchNull  = 0
	branchValue = 2
)

func appendOID(b []byte, o sysflow.OID) []byte {
	return appendLong(appendLong(b, o.CreateTS), o.HPID)
}

// appendStrings writes an array: its length and items, then a 0.
func appendStrings(b []byte, list []string) []byte {
	if len(list) > 0 {
		b = appendLong(b, int64(len(list)))
		for _, s := range list {
			b = appendString(b, s)
		}
	}
	return append(b, 0)
}

func appendLongs(b []byte, list []int64) []byte {
	if len(list) > 0 {
		b = appendLong(b, int64(len(list)))
		for _, v := range list {
			b = appendLong(b, v)
		}
	}
	return append(b, 0)
}

// appendMap sorts the keys so that equal records give equal bytes.
func appendMap(b []byte, m map[string]string) []byte {
	if len(m) > 0 {
		b = appendLong(b, int64(len(m)))
		for _, k := range slices.Sorted(maps.Keys(m)) {
			b = appendString(appendString(b, k), m[k])
		}
	}
	return append(b, 0)
}

func appendServices(b []byte, list []sysflow.Service) []byte {
	if len(list) > 0 {
		b = appendLong(b, int64(len(list)))
		for i := range list {
			s := &list[i]
			b = appendString(b, s.Name)
			b = appendString(b, s.ID)
			b = appendString(b, s.Namespace)
			b = appendPorts(b, s.PortList)
			b = appendLongs(b, s.ClusterIP)
		}
	}
	return append(b, 0)
}

func appendPorts(b []byte, list []sysflow.Port) []byte {
	if len(list) > 0 {
		b = appendLong(b, int64(len(list)))
		for i := range list {
			p := &list[i]
			b = appendInt(b, p.Port)
			b = appendInt(b, p.TargetPort)
			b = appendInt(b, p.NodePort)
			b = appendString(b, p.Proto)
		}
	}
	return append(b, 0)
}

// appendRecord writes a record with its branch of the union. On an error b is returned
// unchanged. Of network flows and events it writes IPv4 only.
func appendRecord(b []byte, rec sysflow.Record) ([]byte, error) {
	out := appendLong(b, int64(rec.Kind()))
	switch r := rec.(type) {
	case *sysflow.Header:
		return appendHeader(out, r), nil
	case *sysflow.Container:
		return appendContainer(out, r), nil
	case *sysflow.Process:
		if !r.State.Valid() {
			return b, fmt.Errorf("process %v: state %v is not in the schema", r.OID, r.State)
		}
		return appendProcess(out, r), nil
	case *sysflow.File:
		if !r.State.Valid() {
			return b, fmt.Errorf("file %v: state %v is not in the schema", r.OID, r.State)
		}
		return appendFile(out, r), nil
	case *sysflow.ProcessEvent:
		return appendProcessEvent(out, r), nil
	case *sysflow.NetworkFlow:
		return appendNetworkFlow(out, r), nil
	case *sysflow.FileFlow:
		return appendFileFlow(out, r), nil
	case *sysflow.FileEvent:
		return appendFileEvent(out, r), nil
	case *sysflow.NetworkEvent:
		return appendNetworkEvent(out, r), nil
	case *sysflow.ProcessFlow:
		return appendProcessFlow(out, r), nil
	case *sysflow.Pod:
		return appendPod(out, r), nil
	case *sysflow.K8sEvent:
		return appendK8sEvent(out, r), nil
	}
	return b, fmt.Errorf("record of type %T is not in the schema", rec)
}
