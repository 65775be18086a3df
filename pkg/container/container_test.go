package container

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

func TestImageName(t *testing.T) {
	for name, want := range map[string]string{
		"":                           "",
		"alpine":                     "alpine:latest",
		"alpine:3.20":                "alpine:3.20",
		"registry:5000/team/app":     "registry:5000/team/app:latest",
		"registry:5000/team/app:1":   "registry:5000/team/app:1",
		"app@sha256:0123":            "app@sha256:0123",
		"registry:5000/app@sha256:0": "registry:5000/app@sha256:0",
	} {
		assert.Equal(t, want, ImageName(name))
	}
}

func TestIsImageID(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	for name, want := range map[string]bool{
		hash: true, "sha256:" + hash: true, hash[:12]: true,
		"sha256:" + hash[:12]: false, "alpine": false, "busybox:1.36": false, "": false, "facadefacadz": false,
	} {
		assert.Equal(t, want, IsImageID(name), name)
	}
	assert.Equal(t, hash, ImageID("sha256:"+hash))
}

func TestDigest(t *testing.T) {
	refs := []string{"other/app@sha256:1", "nonsense", "docker.io/library/alpine@sha256:2", "registry:5000/app@sha256:3"}
	for image, want := range map[string]string{
		"library/alpine:3.20":        "sha256:2",
		"registry:5000/app":          "sha256:3",
		"registry:5000/app:1":        "sha256:3",
		"registry:5000/app@sha256:3": "sha256:3",
		"unheard-of":                 "sha256:1",
	} {
		assert.Equal(t, want, Digest(refs, image), image)
	}
	assert.Empty(t, Digest(nil, "alpine"))
}

func TestPodLabels(t *testing.T) {
	labels := map[string]string{LabelPodName: "web-0", LabelPodNamespace: "shop", LabelPodUID: "u", "app": "web"}
	assert.Equal(t, &sysflow.Pod{ID: "u", Name: "web-0", Namespace: "shop"}, PodFromLabels(labels))
	assert.Equal(t, map[string]string{"app": "web"}, PodLabels(labels))
	assert.Len(t, labels, 4)
	delete(labels, "app")
	assert.Nil(t, PodLabels(labels))
	assert.Nil(t, PodFromLabels(map[string]string{"app": "web"}))
}
