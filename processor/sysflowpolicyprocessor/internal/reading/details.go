package reading

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow/plogs"
)

// noDetails is what is known of a process of which some detail is.
var noDetails = sysflow.ProcessDetails{
	RealUID: sysflow.UnknownID, SavedUID: sysflow.UnknownID,
	RealGID: sysflow.UnknownID, SavedGID: sysflow.UnknownID,
	LoginUID: sysflow.UnknownID,
}

// setDetail takes over an attribute that tells a detail of a process. It returns false if key
// is another one.
func (s *Resource) setDetail(key string, v pcommon.Value) bool {
	d := &s.details
	switch key {
	case plogs.KeyComm:
		s.detail(putText(v, &d.Comm))
	case plogs.KeyCommand:
		s.detail(putText(v, &d.Argv0))
	case plogs.KeyExeFlags:
		s.detail(putInt32(v, &d.ExeFlags))
	case plogs.KeyExeInode:
		s.detail(putInt64(v, &d.ExeIno))
	case plogs.KeyExeCTime:
		s.detail(putInt64(v, &d.ExeCTime))
	case plogs.KeyExeMTime:
		s.detail(putInt64(v, &d.ExeMTime))
	case plogs.KeyCapPermitted:
		s.detail(putInt64(v, &d.CapPermitted))
	case plogs.KeyCapEffective:
		s.detail(putInt64(v, &d.CapEffective))
	case plogs.KeyCapInheritable:
		s.detail(putInt64(v, &d.CapInheritable))
	case plogs.KeyLoginUserName:
		s.detail(putText(v, &d.LoginUser))
	default:
		id := s.detailID(key)
		if id == nil {
			return s.setNamespace(key, v)
		}
		s.detail(putInt32(v, id))
	}
	return true
}

// detailID returns the place of the id that a key names, nil if it names none.
func (s *Resource) detailID(key string) *int32 {
	d := &s.details
	switch key {
	case plogs.KeyRealUserID:
		return &d.RealUID
	case plogs.KeySavedUserID:
		return &d.SavedUID
	case plogs.KeyRealGroupID:
		return &d.RealGID
	case plogs.KeySavedGroupID:
		return &d.SavedGID
	case plogs.KeyLoginUserID:
		return &d.LoginUID
	case plogs.KeySessionPID:
		return &d.SID
	case plogs.KeyGroupPID:
		return &d.PGID
	case plogs.KeyVPID:
		return &d.VPID
	case plogs.KeyVSID:
		return &d.VSID
	case plogs.KeyVPGID:
		return &d.VPGID
	}
	return nil
}

func (s *Resource) setNamespace(key string, v pcommon.Value) bool {
	name, ok := strings.CutPrefix(key, plogs.KeyNamespacePrefix)
	if !ok {
		return false
	}
	ns := &s.details.Namespaces
	switch name {
	case "cgroup":
		s.detail(putInt64(v, &ns.Cgroup))
	case "ipc":
		s.detail(putInt64(v, &ns.IPC))
	case "mnt":
		s.detail(putInt64(v, &ns.Mnt))
	case "net":
		s.detail(putInt64(v, &ns.Net))
	case "pid":
		s.detail(putInt64(v, &ns.PID))
	case "user":
		s.detail(putInt64(v, &ns.User))
	case "uts":
		s.detail(putInt64(v, &ns.UTS))
	default:
		return false
	}
	return true
}

// detail notes that there are details, or that an attribute is ignored.
func (s *Resource) detail(ok bool) {
	s.hasDetails = s.check(ok) || s.hasDetails
}
