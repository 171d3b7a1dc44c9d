/**
 * @file gate_ask.c
 * From the values of one event to the gates that hold and the rules that stand under them; see gate_index.h.
 */
#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "rules/eval.h"
#include "rules/gate_index.h"
#include "rules/gate_table.h"

struct asking {
	struct tw_eval *eval;
	const struct tw_gate_index *index;
	uint64_t *found;
};

static void hold(struct asking *asking, uint32_t gate)
{
	const struct tw_gate_index *index = asking->index;
	if (!tw_gate_note(asking->eval, gate)) {
		return;
	}
	for (uint32_t i = index->start[gate]; i < index->start[gate + 1]; i++) {
		asking->found[index->rule[i] / 64] |= 1ULL << index->rule[i] % 64;
	}
}

static void bit_ask(struct asking *asking, const struct tw_gate_column *column, uint32_t bit)
{
	for (uint32_t i = column->of_bit[bit]; i < column->of_bit[bit + 1]; i++) {
		if (tw_gate_holds(asking->eval, column->bit_gate[i])) {
			hold(asking, column->bit_gate[i]);
		}
	}
}

static void bits(struct asking *asking, const struct tw_gate_column *column, const uint64_t *sets)
{
	for (uint32_t word = 0; word * 64 < column->bit_count; word++) {
		for (uint64_t left = sets[word]; left; left &= left - 1) {
			uint32_t bit = word * 64 + (uint32_t)__builtin_ctzll(left);
			if (bit < column->bit_count) {
				bit_ask(asking, column, bit);
			}
		}
	}
}

/* Every interval of [from, to) that holds the number. */
static void stab(struct asking *asking, const struct tw_gate_interval *interval, uint32_t from, uint32_t to, int64_t number)
{
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (interval[middle].reach < number) {
			return;
		}
		stab(asking, interval, from, middle, number);
		if (interval[middle].low > number) {
			return;
		}
		if (interval[middle].high >= number) {
			hold(asking, interval[middle].gate);
		}
		from = middle + 1;
	}
}

static void texts_at(struct asking *asking, const struct tw_gate_column *column, uint64_t hash, struct tw_slice beginning, bool whole)
{
	uint32_t low = 0, high = column->text_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (column->text[middle].hash < hash) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	for (; low < column->text_count && column->text[low].hash == hash; low++) {
		const struct tw_gate_text *text = &column->text[low];
		if ((text->starts || whole) && tw_slice_equal(text->text, beginning)) {
			hold(asking, text->gate);
		}
	}
}

static void text(struct asking *asking, const struct tw_gate_column *column, struct tw_slice normal)
{
	uint64_t hash = TW_FNV_BASIS;
	for (uint32_t i = 0; column->text_count && i <= normal.len; i++) {
		uint32_t bit = tw_gate_text_bit(hash);
		if (column->bits[bit / 64] >> bit % 64 & 1) {
			texts_at(asking, column, hash, (struct tw_slice){normal.ptr, i}, i == normal.len);
		}
		hash = i < normal.len ? tw_fnv_step(hash, normal.ptr[i]) : hash;
	}
}

static void column_ask(struct asking *asking, const struct tw_gate_column *column)
{
	const struct tw_column_values *values = tw_column_read(asking->eval, column->at);
	const int64_t *number = values->numbers.data;
	const struct tw_slice *normal = values->texts.data;
	if (values->sets) {
		bits(asking, column, values->sets);
	}
	for (uint32_t i = 0; i < values->numbers.count; i++) {
		stab(asking, column->interval, 0, column->interval_count, number[i]);
	}
	for (uint32_t i = 0; i < values->texts.count; i++) {
		text(asking, column, normal[i]);
	}
	for (uint32_t i = 0; i < column->asked_count; i++) {
		if (tw_gate_holds(asking->eval, column->asked[i])) {
			hold(asking, column->asked[i]);
		}
	}
}

const uint64_t *tw_gate_index_candidates(struct tw_eval *eval, const struct tw_gate_index *index)
{
	struct asking asking = {eval, index, tw_gate_bench_begin(eval->bench->gates)};
	const struct tw_gate_column *column = index->columns.data;
	if (index->words) {
		memcpy(asking.found, index->always, index->words * sizeof(*asking.found));
	}
	for (uint32_t i = 0; i < index->columns.count && !eval->failed; i++) {
		column_ask(&asking, &column[i]);
	}
	return asking.found;
}
