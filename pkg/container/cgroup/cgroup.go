// Package cgroup tells which container a process belongs to from the path of its control group,
// of which every container runtime makes the container's id a part.
package cgroup

import (
	"strings"
)

// IDLength is the length of an abbreviated container id, the form that SysFlow uses as key and
// that runtimes print.
const IDLength = 12

// Runtime is who made a container, as far as the path tells.
type Runtime string

// Runtimes. Unknown is also that of containers of Kubernetes whose path tells no more than the pod.
const (
	Unknown    Runtime = ""
	Docker     Runtime = "docker"
	Containerd Runtime = "containerd"
	CRIO       Runtime = "cri-o"
	Podman     Runtime = "podman"
)

// Identity is what the path of a control group tells of a container. The zero value stands for
// processes that are in none.
type Identity struct {
	// ID is the abbreviated id, FullID the one by which the runtime knows the container.
	ID     string
	FullID string
	// Runtime is a hint.
	Runtime Runtime
	// PodUID is the id of the Kubernetes pod, empty where the path names none.
	PodUID string
}

// Parse finds the container in a path, such as "/kubepods/burstable/pod<uid>/<id>". Of nested
// containers it is the innermost.
func Parse(path string) Identity {
	for end := len(path); end > 0; {
		start := strings.LastIndexByte(path[:end], '/') + 1
		if full, runtime, ok := parseName(path[start:end]); ok {
			above := path[:max(start-1, 0)]
			if runtime == Unknown {
				runtime = runtimeOf(above)
			}
			return Identity{ID: full[:IDLength], FullID: full, Runtime: runtime, PodUID: podOf(above)}
		}
		end = start - 1
	}
	return Identity{}
}

// ParseProc finds the container in what /proc/PID/cgroup holds, see cgroups(7): a line for each
// hierarchy. Nothing but the path is needed of them, and the first with a container is taken:
// runtimes use the same path in all.
func ParseProc(text string) Identity {
	for line := range strings.Lines(text) {
		_, rest, _ := strings.Cut(line, ":")
		_, path, ok := strings.Cut(rest, ":")
		if !ok {
			continue
		}
		if id := Parse(strings.TrimSuffix(path, "\n")); id.ID != "" {
			return id
		}
	}
	return Identity{}
}

// fullLength is the length of a container id, 256 bits in hexadecimal.
const fullLength = 64

// prefixes are what runtimes put before the id. Those of their own helpers, as "crio-conmon" and
// "libpod-conmon", are not among them: these processes are outside of the container.
var prefixes = map[string]Runtime{
	"":               Unknown,
	"docker":         Docker,
	"cri-containerd": Containerd,
	"containerd":     Containerd,
	"nerdctl":        Containerd,
	"crio":           CRIO,
	"libpod":         Podman,
	"libpod-payload": Podman,
}

// parseName takes the id from a directory's name: alone, as "<prefix>-<id>.scope", or, where
// runc was given a name of systemd but does not use it, as "<slice>:<prefix>:<id>".
func parseName(name string) (id string, runtime Runtime, ok bool) {
	name = strings.TrimSuffix(name, ".scope")
	if len(name) < fullLength || !isID(name[len(name)-fullLength:]) {
		return "", Unknown, false
	}
	id, prefix := name[len(name)-fullLength:], name[:len(name)-fullLength]
	if prefix == "" {
		return id, Unknown, true
	}
	last := prefix[len(prefix)-1]
	prefix = prefix[:len(prefix)-1]
	if last == ':' {
		prefix = prefix[strings.LastIndexByte(prefix, ':')+1:]
	} else if last != '-' {
		return "", Unknown, false
	}
	runtime, ok = prefixes[prefix]
	return id, runtime, ok && prefix != ""
}

func isID(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// runtimeOf tells the runtime by the directory above a bare id.
func runtimeOf(dir string) Runtime {
	switch dir[strings.LastIndexByte(dir, '/')+1:] {
	case "docker":
		return Docker
	case "libpod_parent":
		return Podman
	}
	return Unknown
}

// podOf finds the pod that a container is in by the directories above it, up to the next
// container: what runs inside of a pod's container is not part of the pod.
func podOf(dir string) string {
	for end := len(dir); end > 0; {
		start := strings.LastIndexByte(dir[:end], '/') + 1
		name := dir[start:end]
		if _, _, ok := parseName(name); ok {
			return ""
		}
		if uid := podUID(name); uid != "" && strings.Contains(dir[:end], "kubepods") {
			return uid
		}
		end = start - 1
	}
	return ""
}

// podUID takes a pod's id from "pod<uid>" or "kubepods-<class>-pod<uid>.slice", where systemd has
// the uid's hyphens as underscores.
func podUID(name string) string {
	if slice, ok := strings.CutSuffix(name, ".slice"); ok {
		at := strings.LastIndex(slice, "-pod")
		if at < 0 {
			return ""
		}
		name = strings.ReplaceAll(slice[at+1:], "_", "-")
	}
	uid, ok := strings.CutPrefix(name, "pod")
	if !ok || !isUID(uid) {
		return ""
	}
	return uid
}

// isUID accepts UUIDs and the hashes that stand for them in static pods.
func isUID(s string) bool {
	digits := strings.ReplaceAll(s, "-", "")
	return len(digits) == 32 && isID(digits)
}
