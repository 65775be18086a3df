package plogs

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// keyContainerLabels is the key within KeyRaw of a container's labels, all of them.
const keyContainerLabels = "sysflow.container.labels"

// putDetails writes what version 6 says of a process. KeyComm is always there, even if it is
// empty, so that readers can tell details from none.
func putDetails(m pcommon.Map, d *sysflow.ProcessDetails) {
	if d == nil {
		return
	}
	putString(m, KeyComm, d.Comm)
	putText(m, KeyCommand, d.Argv0)
	putCount(m, KeyExeFlags, int64(d.ExeFlags))
	putCount(m, KeyExeInode, d.ExeIno)
	putCount(m, KeyExeCTime, d.ExeCTime)
	putCount(m, KeyExeMTime, d.ExeMTime)
	m.PutInt(KeyCapPermitted, d.CapPermitted) // none is a fact, too
	m.PutInt(KeyCapEffective, d.CapEffective)
	m.PutInt(KeyCapInheritable, d.CapInheritable)
	putID(m, KeyRealUserID, d.RealUID)
	putID(m, KeySavedUserID, d.SavedUID)
	putID(m, KeyRealGroupID, d.RealGID)
	putID(m, KeySavedGroupID, d.SavedGID)
	putID(m, KeyLoginUserID, d.LoginUID)
	putText(m, KeyLoginUserName, d.LoginUser)
	putCount(m, KeySessionPID, int64(d.SID))
	putCount(m, KeyGroupPID, int64(d.PGID))
	putCount(m, KeyVPID, int64(d.VPID))
	putCount(m, KeyVSID, int64(d.VSID))
	putCount(m, KeyVPGID, int64(d.VPGID))
	putCount(m, keyCgroupNS, d.Namespaces.Cgroup)
	putCount(m, keyIPCNS, d.Namespaces.IPC)
	putCount(m, keyMntNS, d.Namespaces.Mnt)
	putCount(m, keyNetNS, d.Namespaces.Net)
	putCount(m, keyPIDNS, d.Namespaces.PID)
	putCount(m, keyUserNS, d.Namespaces.User)
	putCount(m, keyUTSNS, d.Namespaces.UTS)
}

// The namespaces of a process.
const (
	keyCgroupNS = KeyNamespacePrefix + "cgroup"
	keyIPCNS    = KeyNamespacePrefix + "ipc"
	keyMntNS    = KeyNamespacePrefix + "mnt"
	keyNetNS    = KeyNamespacePrefix + "net"
	keyPIDNS    = KeyNamespacePrefix + "pid"
	keyUserNS   = KeyNamespacePrefix + "user"
	keyUTSNS    = KeyNamespacePrefix + "uts"
)

// putID writes the id of a user or group, unless it is unknown.
func putID(m pcommon.Map, key string, id int32) {
	if id != sysflow.UnknownID {
		m.PutInt(key, int64(id))
	}
}

// putContainerDetails writes what version 6 says of a container.
func putContainerDetails(m pcommon.Map, c *sysflow.Container) {
	putText(m, KeyRuntimeName, c.Runtime)
	if c.ImageDigest != "" {
		putTexts(m, KeyRepoDigests, []string{repository(c.Image) + c.ImageDigest})
	}
	putPairs(m, KeyLabelPrefix, c.Labels)
	putRawPairs(m, keyContainerLabels, c.Labels)
	if len(c.Mounts) == 0 {
		return
	}
	s := m.PutEmptySlice(KeyMounts)
	s.EnsureCapacity(len(c.Mounts))
	for i := range c.Mounts {
		putMount(s.AppendEmpty().SetEmptyMap(), &c.Mounts[i])
	}
}

// repository is what comes before the digest in the reference of an image by digest.
func repository(image string) string {
	name, _ := splitImage(image)
	name, _, _ = strings.Cut(name, "@")
	if name == "" {
		return ""
	}
	return name + "@"
}

func putMount(m pcommon.Map, mount *sysflow.Mount) {
	putText(m, "source", mount.Source)
	putText(m, "destination", mount.Destination)
	putText(m, "mode", mount.Mode)
	m.PutBool("rw", mount.RW)
	putText(m, "propagation", mount.Propagation)
}
