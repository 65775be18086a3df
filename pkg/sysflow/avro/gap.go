package avro

import (
	"encoding/json"
	"strings"

	"github.com/otelcol-sysflow/otelcol-sysflow/pkg/sysflow"
)

// gapStart begins the messages that stand for gaps.
const gapStart = `{"sysflow.gap":{`

// gapMessage is a gap as the message of a Kubernetes event, without its start, which is the
// time of that event. The union has no branch for gaps: a reader of version 5 could not
// take it.
type gapMessage struct {
	Gap struct {
		Cause string `json:"cause"`
		Count int64  `json:"count"`
		End   int64  `json:"end"`
	} `json:"sysflow.gap"`
}

// carryGap sets event to what stands for a gap in a file.
func carryGap(event *sysflow.K8sEvent, g *sysflow.Gap) {
	var m gapMessage
	m.Gap.Cause, m.Gap.Count, m.Gap.End = strings.ToValidUTF8(g.Cause, "\uFFFD"), g.Count, g.EndTS
	*event = sysflow.K8sEvent{
		ComponentKind: sysflow.K8sUnknown, Action: sysflow.K8sComponentError, TS: g.TS, Message: m.text(),
	}
}

// text is the one form of a message that counts as a gap.
func (m *gapMessage) text() string {
	b, _ := json.Marshal(m) // never fails for texts and numbers
	return string(b)
}

// restoreGap is the inverse of carryGap; false for all that carryGap does not make.
func restoreGap(g *sysflow.Gap, event *sysflow.K8sEvent) bool {
	if event.ComponentKind != sysflow.K8sUnknown || event.Action != sysflow.K8sComponentError ||
		!strings.HasPrefix(event.Message, gapStart) {
		return false
	}
	var m gapMessage
	if json.Unmarshal([]byte(event.Message), &m) != nil || m.text() != event.Message {
		return false
	}
	*g = sysflow.Gap{TS: event.TS, EndTS: m.Gap.End, Cause: m.Gap.Cause, Count: m.Gap.Count}
	return true
}
