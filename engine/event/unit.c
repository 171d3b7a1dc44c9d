/**
 * @file unit.c
 * See unit.h. Codes that Recommendation 20 marks as withdrawn and that manifests still carry (HD, NPR, NMB) are read as they were meant.
 */
#include "engine/event/unit.h"

#define CODE2(a, b)    ((uint32_t)(a) << 8 | (uint32_t)(b))
#define CODE3(a, b, c) (CODE2(a, b) << 8 | (uint32_t)(c))

#define KGM CODE3('K', 'G', 'M')
#define MTR CODE3('M', 'T', 'R')
#define MTK CODE3('M', 'T', 'K')
#define LTR CODE3('L', 'T', 'R')

/* A unit is numerator / denominator of its base. Source: UN/ECE, Recommendation No. 20, annexes I to III, conversion factors. */
static const struct unit {
	uint32_t code, base;
	int32_t numerator, denominator;
} units[] = {
    {TW_UNIT_PIECE, TW_UNIT_PIECE, 1, 1},
    {CODE3('H', '8', '7'), TW_UNIT_PIECE, 1, 1},
    {CODE2('E', 'A'), TW_UNIT_PIECE, 1, 1},
    {CODE3('P', 'C', 'E'), TW_UNIT_PIECE, 1, 1}, /* no code of the recommendation: what many systems write for it */
    {CODE3('N', 'A', 'R'), TW_UNIT_PIECE, 1, 1},
    {CODE3('N', 'M', 'B'), TW_UNIT_PIECE, 1, 1},
    {CODE2('P', 'R'), TW_UNIT_PIECE, 2, 1},
    {CODE3('N', 'P', 'R'), TW_UNIT_PIECE, 2, 1},
    {CODE2('H', 'D'), TW_UNIT_PIECE, 6, 1},
    {CODE3('D', 'Z', 'N'), TW_UNIT_PIECE, 12, 1},
    {CODE3('D', 'P', 'C'), TW_UNIT_PIECE, 12, 1},
    {CODE3('S', 'C', 'O'), TW_UNIT_PIECE, 20, 1},
    {CODE3('T', 'P', 'R'), TW_UNIT_PIECE, 20, 1},
    {CODE3('D', 'P', 'R'), TW_UNIT_PIECE, 24, 1},
    {CODE3('C', 'E', 'N'), TW_UNIT_PIECE, 100, 1},
    {CODE2('H', 'C'), TW_UNIT_PIECE, 100, 1},
    {CODE3('G', 'R', 'O'), TW_UNIT_PIECE, 144, 1},
    {CODE3('M', 'I', 'L'), TW_UNIT_PIECE, 1000, 1},
    {CODE2('T', '3'), TW_UNIT_PIECE, 1000, 1},
    {CODE3('G', 'G', 'R'), TW_UNIT_PIECE, 1728, 1},
    {KGM, KGM, 1, 1},
    {CODE3('M', 'G', 'M'), KGM, 1, 1000000},
    {CODE3('G', 'R', 'M'), KGM, 1, 1000},
    {CODE3('H', 'G', 'M'), KGM, 1, 10},
    {CODE3('D', 'T', 'N'), KGM, 100, 1},
    {CODE3('T', 'N', 'E'), KGM, 1000, 1},
    {CODE3('K', 'T', 'N'), KGM, 1000000, 1},
    {CODE3('L', 'B', 'R'), KGM, 45359237, 100000000},
    {CODE3('O', 'N', 'Z'), KGM, 2834952, 100000000},
    {CODE3('S', 'T', 'I'), KGM, 6350293, 1000000},
    {CODE3('C', 'W', 'A'), KGM, 453592, 10000},
    {CODE3('C', 'W', 'I'), KGM, 5080235, 100000},
    {CODE3('S', 'T', 'N'), KGM, 9071847, 10000},
    {CODE3('L', 'T', 'N'), KGM, 1016047, 1000},
    {MTR, MTR, 1, 1},
    {CODE3('M', 'M', 'T'), MTR, 1, 1000},
    {CODE3('C', 'M', 'T'), MTR, 1, 100},
    {CODE3('D', 'M', 'T'), MTR, 1, 10},
    {CODE3('K', 'M', 'T'), MTR, 1000, 1},
    {CODE3('I', 'N', 'H'), MTR, 254, 10000},
    {CODE3('F', 'O', 'T'), MTR, 3048, 10000},
    {CODE3('Y', 'R', 'D'), MTR, 9144, 10000},
    {MTK, MTK, 1, 1},
    {CODE3('C', 'M', 'K'), MTK, 1, 10000},
    {LTR, LTR, 1, 1},
    {CODE3('M', 'L', 'T'), LTR, 1, 1000},
    {CODE3('C', 'M', 'Q'), LTR, 1, 1000},
    {CODE3('C', 'L', 'T'), LTR, 1, 100},
    {CODE3('D', 'L', 'T'), LTR, 1, 10},
    {CODE3('D', 'M', 'Q'), LTR, 1, 1},
    {CODE3('H', 'L', 'T'), LTR, 100, 1},
    {CODE3('M', 'T', 'Q'), LTR, 1000, 1},
    {CODE3('G', 'L', 'L'), LTR, 3785412, 1000000},
    {CODE3('G', 'L', 'I'), LTR, 4546092, 1000000},
};

uint32_t tw_unit_code(struct tw_slice text)
{
	uint32_t code = 0;
	for (uint32_t i = 0; i < text.len && code < 1U << 24; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		c = c >= 'a' && c <= 'z' ? (unsigned char)(c - 32) : c;
		if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
			code = code << 8 | c;
		}
	}
	return code;
}

static const struct unit *unit_of(uint32_t code)
{
	for (uint32_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].code == code) {
			return &units[i];
		}
	}
	return NULL;
}

uint32_t tw_unit_base(uint32_t unit)
{
	const struct unit *known = unit_of(unit);
	return known ? known->base : unit;
}

/* e4 * by / per, without passing 63 bits on the way. */
static int64_t scaled(int64_t e4, int64_t by, int64_t per)
{
	int64_t whole = e4 / per, rest = e4 % per;
	return whole > INT64_MAX / by - 1 ? INT64_MAX : whole * by + rest * by / per;
}

int64_t tw_unit_to_base(uint32_t unit, int64_t e4)
{
	const struct unit *known = unit_of(unit);
	return known ? scaled(e4, known->numerator, known->denominator) : e4;
}

int64_t tw_unit_from_base(uint32_t unit, int64_t e4)
{
	const struct unit *known = unit_of(unit);
	return known ? scaled(e4, known->denominator, known->numerator) : e4;
}
