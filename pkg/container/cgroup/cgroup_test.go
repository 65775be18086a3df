package cgroup

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	id1 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	id2 = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
	uid = "8dbc6b3c-9f4e-4c1a-8f7e-0a1b2c3d4e5f"
)

var systemdUID = strings.ReplaceAll(uid, "-", "_")

func TestParse(t *testing.T) {
	in := func(full string, r Runtime, pod string) Identity {
		return Identity{ID: full[:12], FullID: full, Runtime: r, PodUID: pod}
	}
	for _, test := range []struct {
		name, path string
		want       Identity
	}{
		{"empty", "", Identity{}},
		{"root", "/", Identity{}},
		{"service", "/system.slice/ssh.service", Identity{}},
		{"session", "/user.slice/user-1000.slice/session-3.scope", Identity{}},

		{"docker", "/docker/" + id1, in(id1, Docker, "")},
		{"docker, systemd", "/system.slice/docker-" + id1 + ".scope", in(id1, Docker, "")},
		{"docker, a cgroup inside", "/docker/" + id1 + "/init.scope", in(id1, Docker, "")},
		{"docker, a service inside", "/system.slice/docker-" + id1 + ".scope/system.slice/nginx.service", in(id1, Docker, "")},
		{"docker in docker", "/docker/" + id1 + "/docker/" + id2, in(id2, Docker, "")},
		{"docker of another parent", "/build/" + id1, in(id1, Unknown, "")},
		{"containerd", "/default/" + id1, in(id1, Unknown, "")},
		{"nerdctl", "/system.slice/nerdctl-" + id1 + ".scope", in(id1, Containerd, "")},
		{"ecs", "/ecs/" + strings.Repeat("7", 32) + "/" + id1, in(id1, Unknown, "")},

		{"podman", "/machine.slice/libpod-" + id1 + ".scope", in(id1, Podman, "")},
		{"podman, crun", "/machine.slice/libpod-" + id1 + ".scope/container", in(id1, Podman, "")},
		{"podman, rootless", "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + id1 + ".scope", in(id1, Podman, "")},
		{"podman, split", "/system.slice/web.service/libpod-payload-" + id1, in(id1, Podman, "")},
		{"podman, cgroupfs", "/libpod_parent/libpod-" + id1, in(id1, Podman, "")},
		{"podman, monitor", "/machine.slice/libpod-conmon-" + id1 + ".scope", Identity{}},

		{
			"kubernetes, cgroupfs", "/kubepods/burstable/pod" + uid + "/" + id1,
			in(id1, Unknown, uid),
		},
		{"kubernetes, guaranteed", "/kubepods/pod" + uid + "/" + id1, in(id1, Unknown, uid)},
		{
			"kubernetes, static pod", "/kubepods/burstable/pod" + strings.Repeat("ab", 16) + "/" + id1,
			in(id1, Unknown, strings.Repeat("ab", 16)),
		},
		{
			"kubernetes, systemd",
			"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + systemdUID + ".slice/cri-containerd-" + id1 + ".scope",
			in(id1, Containerd, uid),
		},
		{
			"kubernetes, systemd, guaranteed",
			"/kubepods.slice/kubepods-pod" + systemdUID + ".slice/cri-containerd-" + id1 + ".scope",
			in(id1, Containerd, uid),
		},
		{
			"kubernetes, kubelet's own parent",
			"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-pod" + systemdUID +
				".slice/cri-containerd-" + id1 + ".scope",
			in(id1, Containerd, uid),
		},
		{
			"kubernetes, names of systemd without it",
			"/system.slice/containerd.service/kubepods-besteffort-pod" + systemdUID + ".slice:cri-containerd:" + id1,
			in(id1, Containerd, ""),
		},
		{
			"kubernetes, docker",
			"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + systemdUID + ".slice/docker-" + id1 + ".scope",
			in(id1, Docker, uid),
		},
		{
			"cri-o",
			"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + systemdUID + ".slice/crio-" + id1 + ".scope",
			in(id1, CRIO, uid),
		},
		{"cri-o, crun", "/kubepods.slice/crio-" + id1 + ".scope/container", in(id1, CRIO, "")},
		{"cri-o, cgroupfs", "/kubepods/besteffort/pod" + uid + "/crio-" + id1, in(id1, CRIO, uid)},
		{
			"cri-o, monitor",
			"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + systemdUID + ".slice/crio-conmon-" + id1 + ".scope",
			Identity{},
		},
		{
			"kind: a pod in a container",
			"/docker/" + id1 + "/kubelet/kubepods/besteffort/pod" + uid + "/" + id2,
			in(id2, Unknown, uid),
		},
		{
			"docker in a pod",
			"/kubepods/burstable/pod" + uid + "/" + id1 + "/docker/" + id2,
			in(id2, Docker, ""),
		},
		{"seen from another cgroup namespace", "/../../kubepods/pod" + uid + "/" + id1, in(id1, Unknown, uid)},

		{"too short", "/docker/" + id1[1:], Identity{}},
		{"too long", "/docker/0" + id1, Identity{}},
		{"upper case", "/docker/" + strings.ToUpper(id1), Identity{}},
		{"unknown prefix", "/system.slice/backup-" + id1 + ".scope", Identity{}},
		{"empty prefix", "/system.slice/-" + id1 + ".scope", Identity{}},
		{"pod of nobody", "/pod" + uid + "/" + id1, in(id1, Unknown, "")},
		{"pod without uid", "/kubepods/podium/" + id1, in(id1, Unknown, "")},
		{"slice without pod", "/kubepods/pods.slice/" + id1, in(id1, Unknown, "")},
		{"no slash", "docker-" + id1 + ".scope", in(id1, Docker, "")},
		{"slashes", "///" + id1 + "///", in(id1, Unknown, "")},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, Parse(test.path))
		})
	}
}

func TestParseProc(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"version 2", "0::/system.slice/docker-" + id1 + ".scope\n", id1},
		{"version 1", "9:name=systemd:/\n4:memory:/docker/" + id1 + "\n0::/\n", id1},
		{"on the host", "9:name=systemd:/\n4:memory:/user.slice\n0::/\n", ""},
		{"a colon in the path", "0::/x.slice:cri-containerd:" + id1 + "\n", id1},
		{"no newline", "0::/docker/" + id1, id1},
		{"nonsense", "nonsense\n\n::\n:", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.want, ParseProc(test.text).FullID)
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("/docker/" + id1)
	f.Add("/kubepods.slice/kubepods-pod" + systemdUID + ".slice/cri-containerd-" + id1 + ".scope")
	f.Add("/a.slice:cri-containerd:" + id2 + "/" + id1)
	f.Add("0::/crio-conmon-" + id1 + ".scope\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, id := range []Identity{Parse(text), ParseProc(text)} {
			if id.ID == "" {
				assert.Zero(t, id)
				continue
			}
			assert.Len(t, id.FullID, fullLength)
			assert.True(t, isID(id.FullID))
			assert.Equal(t, id.FullID[:IDLength], id.ID)
			assert.Contains(t, text, id.FullID)
			assert.True(t, id.PodUID == "" || isUID(id.PodUID))
		}
	})
}

func BenchmarkParse(b *testing.B) {
	path := "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + systemdUID + ".slice/cri-containerd-" + id1 + ".scope"
	b.ReportAllocs()
	for b.Loop() {
		Parse(path)
	}
}
