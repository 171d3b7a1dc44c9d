/**
 * @file probability.c
 * Points to probability, severity to weight: the two tables behind score.h, committed so that every build on every machine agrees.
 *
 *     odds(points) = 2^(points / 20 - 9)      probability = odds / (1 + odds), rounded to ppm
 *
 * At 0 points the odds are 1:512. That base rate is a starting assumption, not a measurement: nobody publishes the share of seizable
 * consignments in all traffic. It fixes the scale only; order and lanes do not depend on it. Calibrate it on recorded outcomes of the
 * random share (the alert carries its inclusion probability for that purpose), then regenerate the table.
 *
 * Source: points to double the odds, Siddiqi, Credit Risk Scorecards, 2006, ch. 6. Base odds: Tidewaiter, starting assumption.
 */
#include "engine/score/score.h"

/* clang-format off */
static const uint32_t probability_ppm[] = {
	/* -100 */ 61, 63, 65, 68, 70, 73, 75, 78, 81, 83, 86, 89, 93, 96, 99, 103, 106, 110, 114, 118,
	/*  -80 */ 122, 126, 131, 135, 140, 145, 150, 156, 161, 167, 173, 179, 185, 192, 198, 205, 212, 220, 228, 236,
	/*  -60 */ 244, 253, 262, 271, 280, 290, 300, 311, 322, 333, 345, 357, 370, 383, 396, 410, 425, 440, 455, 471,
	/*  -40 */ 488, 505, 523, 541, 561, 580, 601, 622, 644, 667, 690, 714, 740, 766, 793, 821, 849, 879, 910, 942,
	/*  -20 */ 976, 1010, 1046, 1082, 1121, 1160, 1201, 1243, 1287, 1332, 1379, 1428, 1478, 1530, 1584, 1640, 1697, 1757, 1819, 1883,
	/*    0 */ 1949, 2018, 2089, 2162, 2239, 2317, 2399, 2483, 2571, 2661, 2755, 2851, 2952, 3055, 3163, 3274, 3389, 3508, 3631, 3759,
	/*   20 */ 3891, 4028, 4169, 4316, 4467, 4624, 4786, 4954, 5128, 5308, 5494, 5687, 5886, 6092, 6306, 6527, 6755, 6992, 7237, 7490,
	/*   40 */ 7752, 8023, 8304, 8594, 8894, 9205, 9527, 9859, 10203, 10559, 10928, 11309, 11703, 12111, 12532, 12969, 13420, 13886, 14369, 14868,
	/*   60 */ 15385, 15919, 16471, 17042, 17632, 18242, 18874, 19526, 20201, 20898, 21619, 22365, 23135, 23931, 24755, 25605, 26484, 27393, 28331, 29301,
	/*   80 */ 30303, 31338, 32407, 33512, 34653, 35831, 37048, 38304, 39602, 40941, 42324, 43751, 45224, 46744, 48313, 49932, 51602, 53324, 55101, 56934,
	/*  100 */ 58824, 60772, 62780, 64851, 66985, 69183, 71449, 73783, 76186, 78662, 81210, 83834, 86535, 89314, 92173, 95114, 98139, 101250, 104448, 107734,
	/*  120 */ 111111, 114580, 118144, 121803, 125559, 129413, 133369, 137425, 141586, 145850, 150221, 154699, 159286, 163982, 168788, 173707, 178738, 183882, 189140, 194512,
	/*  140 */ 200000, 205603, 211321, 217155, 223105, 229169, 235349, 241643, 248051, 254571, 261204, 267947, 274800, 281760, 288826, 295997, 303270, 310642, 318112, 325677,
	/*  160 */ 333333, 341079, 348910, 356824, 364817, 372885, 381024, 389231, 397501, 405830, 414214, 422647, 431126, 439645, 448200, 456786, 465398, 474030, 482678, 491337,
	/*  180 */ 500000, 508663, 517322, 525970, 534602, 543214, 551800, 560355, 568874, 577353, 585786, 594170, 602499, 610769, 618976, 627115, 635183, 643176, 651090, 658921,
	/*  200 */ 666667, 674323, 681888, 689358, 696730, 704003, 711174, 718240, 725200, 732053, 738796, 745429, 751949, 758357, 764651, 770831, 776895, 782845, 788679, 794397,
	/*  220 */ 800000, 805488, 810860, 816118, 821262, 826293, 831212, 836018, 840714, 845301, 849779, 854150, 858414, 862575, 866631, 870587, 874441, 878197, 881856, 885420,
	/*  240 */ 888889, 892266, 895552, 898750, 901861, 904886, 907827, 910686, 913465, 916166, 918790, 921338, 923814, 926217, 928551, 930817, 933015, 935149, 937220, 939228,
	/*  260 */ 941176, 943066, 944899, 946676, 948398, 950068, 951687, 953256, 954776, 956249, 957676, 959059, 960398, 961696, 962952, 964169, 965347, 966488, 967593, 968662,
	/*  280 */ 969697, 970699, 971669, 972607, 973516, 974395, 975245, 976069, 976865, 977635, 978381, 979102, 979799, 980474, 981126, 981758, 982368, 982958, 983529, 984081,
	/*  300 */ 984615,
};
/* clang-format on */

_Static_assert(sizeof(probability_ppm) / sizeof(probability_ppm[0]) == TW_SCORE_POINTS_MAX - TW_SCORE_POINTS_MIN + 1, "one row a point");

uint32_t tw_probability_ppm(int32_t points)
{
	points = points < TW_SCORE_POINTS_MIN ? TW_SCORE_POINTS_MIN : points;
	points = points > TW_SCORE_POINTS_MAX ? TW_SCORE_POINTS_MAX : points;
	return probability_ppm[points - TW_SCORE_POINTS_MIN];
}

/*
 * Each step is about three times as bad as the one before, the half decades of a logarithmic consequence scale: an irregularity is 1,
 * arms to an embargoed place 100. So a certain irregularity ranks with a 1% chance of the worst, inside one lane.
 * Source: Tidewaiter, starting assumption, to be set by the administration that uses it.
 */
static const uint32_t severity_weights[] = {1, 3, 10, 30, 100};

uint32_t tw_severity_weight(uint32_t severity)
{
	const uint32_t worst = sizeof(severity_weights) / sizeof(severity_weights[0]);
	severity = severity < 1 ? 1 : severity;
	return severity_weights[(severity > worst ? worst : severity) - 1];
}
