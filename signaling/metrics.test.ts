import { expect, it } from 'vitest'
import { APPLY, DRIFT, ROUND_TRIP, tally } from '#lib/protocol/figures.ts'
import { createCounters } from './counters.ts'
import { createFigures } from './figures.ts'
import { metricsText } from './metrics.ts'

const server = () => ['# HELP matinee_own Our own.', '# TYPE matinee_own gauge', 'matinee_own 1']
const stats = () => ({ sockets: 3, rooms: 1, joined: 2, relayed: { frames: 4, bytes: 500 } })

it('[FG5] the text is what Prometheus reads', () => {
	const counters = createCounters()
	counters.refused('bad-token')
	counters.refused('bad-token')
	counters.refused('http-rate')
	const figures = createFigures()
	figures.add({
		drift: tally([0.5, 3, 3, 2_000], DRIFT),
		roundTrip: tally([4, 15], ROUND_TRIP),
		links: { direct: 3, relayed: 1 },
		apply: tally([70], APPLY),
	})
	expect(metricsText({ counters, figures, stats, server })).toBe(
		`# HELP matinee_sockets Open WebSockets, joined or not.
# TYPE matinee_sockets gauge
matinee_sockets 3
# HELP matinee_rooms Rooms with somebody in them.
# TYPE matinee_rooms gauge
matinee_rooms 1
# HELP matinee_members Members connected, over all rooms.
# TYPE matinee_members gauge
matinee_members 2
# HELP matinee_relayed_frames_total Sealed frames brought from member to member, each recipient counted.
# TYPE matinee_relayed_frames_total counter
matinee_relayed_frames_total 4
# HELP matinee_relayed_bytes_total Bytes of those frames.
# TYPE matinee_relayed_bytes_total counter
matinee_relayed_bytes_total 500
# HELP matinee_refused_total What was refused, by reason.
# TYPE matinee_refused_total counter
matinee_refused_total{why="bad-token"} 2
matinee_refused_total{why="http-rate"} 1
# HELP matinee_own Our own.
# TYPE matinee_own gauge
matinee_own 1
# HELP matinee_member_reports_total Reports of members who share figures, one a minute each.
# TYPE matinee_member_reports_total counter
matinee_member_reports_total 1
# HELP matinee_member_drift_seconds How far members were off the time of their room, as they reported it.
# TYPE matinee_member_drift_seconds histogram
matinee_member_drift_seconds_bucket{le="0.001"} 1
matinee_member_drift_seconds_bucket{le="0.002"} 1
matinee_member_drift_seconds_bucket{le="0.005"} 3
matinee_member_drift_seconds_bucket{le="0.01"} 3
matinee_member_drift_seconds_bucket{le="0.02"} 3
matinee_member_drift_seconds_bucket{le="0.04"} 3
matinee_member_drift_seconds_bucket{le="0.08"} 3
matinee_member_drift_seconds_bucket{le="0.16"} 3
matinee_member_drift_seconds_bucket{le="0.32"} 3
matinee_member_drift_seconds_bucket{le="0.64"} 3
matinee_member_drift_seconds_bucket{le="1.28"} 3
matinee_member_drift_seconds_bucket{le="+Inf"} 4
matinee_member_drift_seconds_sum 2.007
matinee_member_drift_seconds_count 4
# HELP matinee_member_links_total Links that members had, by their way, counted once in each report.
# TYPE matinee_member_links_total counter
matinee_member_links_total{kind="direct"} 3
matinee_member_links_total{kind="relayed"} 1
matinee_member_links_total{kind="turn"} 0
# HELP matinee_member_apply_seconds From an act of somebody else until it was carried out, as members reported it.
# TYPE matinee_member_apply_seconds histogram
matinee_member_apply_seconds_bucket{le="0.02"} 0
matinee_member_apply_seconds_bucket{le="0.04"} 0
matinee_member_apply_seconds_bucket{le="0.08"} 1
matinee_member_apply_seconds_bucket{le="0.16"} 1
matinee_member_apply_seconds_bucket{le="0.32"} 1
matinee_member_apply_seconds_bucket{le="0.64"} 1
matinee_member_apply_seconds_bucket{le="1.28"} 1
matinee_member_apply_seconds_bucket{le="2.56"} 1
matinee_member_apply_seconds_bucket{le="5.12"} 1
matinee_member_apply_seconds_bucket{le="+Inf"} 1
matinee_member_apply_seconds_sum 0.07
matinee_member_apply_seconds_count 1
# HELP matinee_member_round_trip_seconds Round trips between members, as they reported them.
# TYPE matinee_member_round_trip_seconds histogram
matinee_member_round_trip_seconds_bucket{le="0.005"} 1
matinee_member_round_trip_seconds_bucket{le="0.01"} 1
matinee_member_round_trip_seconds_bucket{le="0.02"} 2
matinee_member_round_trip_seconds_bucket{le="0.04"} 2
matinee_member_round_trip_seconds_bucket{le="0.08"} 2
matinee_member_round_trip_seconds_bucket{le="0.16"} 2
matinee_member_round_trip_seconds_bucket{le="0.32"} 2
matinee_member_round_trip_seconds_bucket{le="0.64"} 2
matinee_member_round_trip_seconds_bucket{le="1.28"} 2
matinee_member_round_trip_seconds_bucket{le="+Inf"} 2
matinee_member_round_trip_seconds_sum 0.019
matinee_member_round_trip_seconds_count 2
`,
	)
})

it('[FG5] a server that has seen nothing yet has all its histograms, empty', () => {
	const text = metricsText({ counters: createCounters(), figures: createFigures(), stats, server })
	for (const name of ['matinee_member_drift_seconds', 'matinee_member_round_trip_seconds'])
		for (const line of [`${name}_bucket{le="+Inf"} 0`, `${name}_sum 0`, `${name}_count 0`])
			expect(text.split('\n')).toContain(line)
})
