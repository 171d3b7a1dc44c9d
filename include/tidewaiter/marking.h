/**
 * @file marking.h
 * Marks on weapons, parts and lots: the nouns of tw.markings, and the marking as manifests, certificates and outcomes state it.
 * Source: International Tracing Instrument (A/60/88, annex), sections III and IV: serial, maker, model, calibre, import mark.
 */
#ifndef TIDEWAITER_MARKING_H
#define TIDEWAITER_MARKING_H

#include <tidewaiter/slice.h>

enum tw_marking_kind { TW_MARKING_SERIAL = 1, TW_MARKING_SERIAL_RANGE, TW_MARKING_LOT, TW_MARKING_IMPORT_MARK };

/** One marking stated on a line. Which fields make sense depends on `kind`; a kind that is not stated reads as a serial. */
struct tw_marking {
	struct tw_choice kind; /* enum tw_marking_kind */
	struct tw_text value;
	struct tw_text from; /* serial_range, inclusive */
	struct tw_text to;   /* serial_range, inclusive */
	struct tw_text make;
	struct tw_text model;
	struct tw_text country;
	struct tw_count year;
	struct tw_text component; /* frame, receiver, barrel, slide ... */
	struct tw_amount pieces;  /* derived: how many pieces it marks; a serial 1, a range its numbers; not stated where nobody can say */
};

/** The item of a tw.markings event: one weapon, part or lot, with all its marks. */
struct tw_marked_item {
	struct tw_text kind; /* rifle, pistol, ammunition ... as stated */
	struct tw_text make;
	struct tw_text model;
	struct tw_text calibre;
	struct tw_text country_of_manufacture;
	struct tw_count year;
	struct tw_list marks;                               /* struct tw_marking */
	struct tw_count component_serials, component_makes; /* derived: engine/event/serial.h */
};

/** Everything a tw.markings event says beside its envelope. */
struct tw_marking_report {
	struct tw_marked_item item;
	struct tw_text reference;
	struct tw_text authority;
	struct tw_text country;
	struct tw_amount quantity;
};

#endif
