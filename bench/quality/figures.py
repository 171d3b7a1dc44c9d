"""Figures of a set of judged queries. Each is a pair: what a right hit scored or a false one (0: not found)."""


def rates(positives, negatives):
    """Precision, recall and F1 of everything that was returned, over the set's own mix of listed and not listed."""
    found, false = sum(p > 0 for p in positives), sum(n > 0 for n in negatives)
    precision = found / (found + false) if found + false else 0.0
    recall = found / len(positives) if positives else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def edge_at(negatives, share):
    """The score that more than this share of the unlisted reaches, 0 where none does: a listed one must be above it, and ties do not count."""
    allowed = int(share * len(negatives))
    ranked = sorted(negatives, reverse=True)
    return ranked[allowed] if allowed < len(ranked) else 0


def recall_at(positives, negatives, share):
    edge = edge_at(negatives, share)
    return sum(p > edge for p in positives) / len(positives) if positives else 0.0


def area(positives, negatives):
    """Area under the curve: how often a listed one scores above one that is not, a tie counting half."""
    if not positives or not negatives:
        return 0.0
    scores = sorted([(p, 1) for p in positives] + [(n, 0) for n in negatives])
    above, below, at = 0.0, 0, 0
    while at < len(scores):
        end = at
        while end < len(scores) and scores[end][0] == scores[at][0]:
            end += 1
        right = sum(kind for _, kind in scores[at:end])
        above += right * (below + (end - at - right) / 2)
        below += end - at - right
        at = end
    return above / len(positives) / len(negatives)


def curve(positives, negatives, points=(0, .0001, .001, .002, .005, .01, .02, .05, .1)):
    return [(share, recall_at(positives, negatives, share)) for share in points]


def tied(scores, top):
    """Share of the first `top` hits of a queue whose score another of them has too."""
    ranked = sorted((s for s in scores if s > 0), reverse=True)[:top]
    count = {}
    for score in ranked:
        count[score] = count.get(score, 0) + 1
    return sum(n for n in count.values() if n > 1) / len(ranked) if ranked else 0.0
