package container

import (
	"maps"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// Labels by which Kubernetes ties containers, and the sandboxes of pods, to pods.
const (
	LabelPodName       = "io.kubernetes.pod.name"
	LabelPodNamespace  = "io.kubernetes.pod.namespace"
	LabelPodUID        = "io.kubernetes.pod.uid"
	LabelContainerName = "io.kubernetes.container.name"
)

// PodFromLabels returns the pod that a container's labels name, nil if they name none.
func PodFromLabels(labels map[string]string) *sysflow.Pod {
	uid := labels[LabelPodUID]
	if uid == "" {
		return nil
	}
	return &sysflow.Pod{ID: uid, Name: labels[LabelPodName], Namespace: labels[LabelPodNamespace]}
}

// PodLabels returns the labels that a pod's sandbox has from its pod: all but those that Kubernetes
// adds to tell which pod that is.
func PodLabels(labels map[string]string) map[string]string {
	own := maps.Clone(labels)
	for _, k := range []string{LabelPodName, LabelPodNamespace, LabelPodUID} {
		delete(own, k)
	}
	if len(own) == 0 {
		return nil
	}
	return own
}
