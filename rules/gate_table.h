/**
 * @file gate_table.h
 * The tables of gate_index.h, as gate_index.c builds and gate_ask.c reads them.
 */
#ifndef TIDEWAITER_RULES_GATE_TABLE_H
#define TIDEWAITER_RULES_GATE_TABLE_H

#include "rules/gate.h"

#define TW_GATE_TEXT_BITS 16384U /* 2 KiB a column: of 1,000 texts one in sixteen other hashes passes */

enum tw_gate_kind { TW_GATE_BITS, TW_GATE_NUMBERS, TW_GATE_TEXTS, TW_GATE_ASKED };
#define TW_GATE_KINDS 4U

struct tw_gate_interval {
	int64_t low, high;
	int64_t reach; /**< greatest high end in the half that this one is the middle of */
	uint32_t gate;
};

struct tw_gate_text {
	uint64_t hash;
	struct tw_slice text;
	bool starts; /**< it may go on */
	uint32_t gate;
};

struct tw_gate_column {
	uint32_t at;      /**< of struct tw_gates */
	uint32_t *of_bit; /**< where each bit's gates begin in `bit_gate`, and one more */
	uint32_t *bit_gate;
	uint32_t bit_count;
	struct tw_gate_interval *interval; /**< by low end */
	uint32_t interval_count;
	struct tw_gate_text *text; /**< by hash */
	uint32_t text_count;
	uint64_t *bits;        /**< TW_GATE_TEXT_BITS: hashes of the texts */
	const uint32_t *asked; /**< gates that are asked one by one */
	uint32_t asked_count;
};

struct tw_gate_index {
	uint32_t words;         /**< of bits of rules */
	uint64_t *always;       /**< rules under no gate */
	uint32_t *start;        /**< of each gate's rules */
	uint32_t *rule;         /**< places of rules */
	struct tw_list columns; /**< struct tw_gate_column */
};

static inline uint32_t tw_gate_text_bit(uint64_t hash)
{
	return (uint32_t)((hash * 0x9E3779B97F4A7C15ULL) >> 40) & (TW_GATE_TEXT_BITS - 1);
}

#endif
