package plogs

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// setDetails takes over an attribute of the details of a process.
func (f *resourceFields) setDetails(key string, v pcommon.Value) bool {
	described := f.described.details
	f.described.details = true
	switch key {
	case KeyComm:
		return asText(v, &f.d.Comm)
	case KeyCommand:
		return asText(v, &f.d.Argv0)
	case KeyExeFlags:
		return asInt(v, &f.d.ExeFlags)
	case KeyExeInode:
		return asInt(v, &f.d.ExeIno)
	case KeyExeCTime:
		return asInt(v, &f.d.ExeCTime)
	case KeyExeMTime:
		return asInt(v, &f.d.ExeMTime)
	case KeyCapPermitted:
		return asInt(v, &f.d.CapPermitted)
	case KeyCapEffective:
		return asInt(v, &f.d.CapEffective)
	case KeyCapInheritable:
		return asInt(v, &f.d.CapInheritable)
	case KeyLoginUserName:
		return asText(v, &f.d.LoginUser)
	}
	if to := f.detailID(key); to != nil {
		return asInt(v, to)
	}
	if to := f.namespace(key); to != nil {
		return asInt(v, to)
	}
	f.described.details = described // derived or foreign
	return true
}

// detailID returns the place of the id of a user, group, session or process.
func (f *resourceFields) detailID(key string) *int32 {
	switch key {
	case KeyRealUserID:
		return &f.d.RealUID
	case KeySavedUserID:
		return &f.d.SavedUID
	case KeyRealGroupID:
		return &f.d.RealGID
	case KeySavedGroupID:
		return &f.d.SavedGID
	case KeyLoginUserID:
		return &f.d.LoginUID
	case KeySessionPID:
		return &f.d.SID
	case KeyGroupPID:
		return &f.d.PGID
	case KeyVPID:
		return &f.d.VPID
	case KeyVSID:
		return &f.d.VSID
	case KeyVPGID:
		return &f.d.VPGID
	}
	return nil
}

func (f *resourceFields) namespace(key string) *int64 {
	switch key {
	case keyCgroupNS:
		return &f.d.Namespaces.Cgroup
	case keyIPCNS:
		return &f.d.Namespaces.IPC
	case keyMntNS:
		return &f.d.Namespaces.Mnt
	case keyNetNS:
		return &f.d.Namespaces.Net
	case keyPIDNS:
		return &f.d.Namespaces.PID
	case keyUserNS:
		return &f.d.Namespaces.User
	case keyUTSNS:
		return &f.d.Namespaces.UTS
	}
	return nil
}

// setContainerDetails takes over an attribute that version 6 brought for containers.
func (f *resourceFields) setContainerDetails(key string, v pcommon.Value) bool {
	described := f.described.container
	f.described.container = true
	switch key {
	case KeyRuntimeName:
		return asText(v, &f.c.Runtime)
	case KeyRepoDigests:
		return asTexts(v, &f.digests)
	case KeyMounts:
		return asList(v, &f.c.Mounts, asMount)
	case keyContainerLabels:
		labels, ok := rawPairs(v)
		f.c.Labels = labels
		return ok
	}
	if label, ok := strings.CutPrefix(key, KeyLabelPrefix); ok {
		f.c.Labels, ok = withPair(f.c.Labels, label, v)
		return ok
	}
	f.described.container = described
	return true
}

// withPair returns a map, nil if there is none yet, with one text more; false if v is no text.
func withPair(m map[string]string, key string, v pcommon.Value) (map[string]string, bool) {
	var text string
	if !asText(v, &text) {
		return m, false
	}
	if m == nil {
		m = make(map[string]string)
	}
	m[key] = text
	return m, true
}

// digest is the inverse of what putContainerDetails makes of a digest. Where the image has
// another name, because somebody changed it, the digest is what follows the last "@".
func digest(image string, references []string) string {
	if len(references) == 0 {
		return ""
	}
	image, _, _ = strings.Cut(image, "@")
	if image == "" {
		return references[0]
	}
	if d, ok := strings.CutPrefix(references[0], image+"@"); ok {
		return d
	}
	return references[0][strings.LastIndexByte(references[0], '@')+1:]
}

func asMount(v pcommon.Value, to *sysflow.Mount) bool {
	return asMap(v, func(key string, v pcommon.Value) bool {
		switch key {
		case "source":
			return asText(v, &to.Source)
		case "destination":
			return asText(v, &to.Destination)
		case "mode":
			return asText(v, &to.Mode)
		case "rw":
			return asBool(v, &to.RW)
		case "propagation":
			return asText(v, &to.Propagation)
		}
		return true
	})
}
