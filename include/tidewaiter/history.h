/**
 * @file history.h
 * What the engine remembers, and the questions that may be asked of it: entities, metrics, windows.
 *
 * A metric is a pure function of one entity's *prior* record (the record before this event) and the event's time. The table
 * tw_metrics() says which metric is asked of which entity and what its answer means; state answers it, rules are checked against it.
 */
#ifndef TIDEWAITER_HISTORY_H
#define TIDEWAITER_HISTORY_H

#include <stdbool.h>
#include <tidewaiter/slice.h>

/** Stable: the number is part of stored keys and records. */
enum tw_entity_kind {
	TW_ENTITY_PARTY = 1,   /**< folded name + country, or a registration id */
	TW_ENTITY_ADDRESS,     /**< folded text + country */
	TW_ENTITY_VESSEL,      /**< IMO number, else folded name + flag */
	TW_ENTITY_CONTAINER,   /**< ISO 6346 number */
	TW_ENTITY_CONSIGNMENT, /**< id as received */
	TW_ENTITY_CERTIFICATE, /**< issuer country | number, alphanumerics only */
	TW_ENTITY_MARKING,     /**< MAKER|VALUE, normalised */
	TW_ENTITY_PHONE,       /**< digits, with the country where they do not say it */
	TW_ENTITY_EMAIL,       /**< in lower case */
	TW_ENTITY_PAPER,       /**< what a certificate is written on: the hash of its document, an issuer's printed number */
	TW_ENTITY_TIME,        /**< a clock, or a day and what is due on it (engine/state/clock.h); no event names one */
};
#define TW_ENTITY_KINDS 11

/** Status words of a certificate, from its status events by event time. */
enum tw_certificate_status {
	TW_CERTIFICATE_STATUS_UNKNOWN = 0, /**< no issued event seen */
	TW_CERTIFICATE_STATUS_ISSUED,
	TW_CERTIFICATE_STATUS_AUTHENTICATED,
	TW_CERTIFICATE_STATUS_AUTHENTICATION_FAILED,
	TW_CERTIFICATE_STATUS_SUSPENDED,
	TW_CERTIFICATE_STATUS_REVOKED,
	TW_CERTIFICATE_STATUS_LOST,
};

/** What last happened to a marked weapon according to tw.markings. */
enum tw_marking_status {
	TW_MARKING_STATUS_UNKNOWN = 0,
	TW_MARKING_STATUS_MANUFACTURED,
	TW_MARKING_STATUS_IMPORTED,
	TW_MARKING_STATUS_TRANSFERRED,
	TW_MARKING_STATUS_LOST,
	TW_MARKING_STATUS_STOLEN,
	TW_MARKING_STATUS_SEIZED,
	TW_MARKING_STATUS_RECOVERED,
	TW_MARKING_STATUS_DESTROYED,
	TW_MARKING_STATUS_DEACTIVATED,
};

/** The answer of TW_METRIC_NAMED_AS that is no role. */
#define TW_NAMED_NOT 14

/** What a specimen register says of who signed, or for which office. */
enum tw_specimen {
	TW_SPECIMEN_LISTED = 1,
	TW_SPECIMEN_OUTSIDE_TENURE, /**< listed, for other days */
	TW_SPECIMEN_OTHER_OFFICE,   /**< listed, for another authority or office */
	TW_SPECIMEN_UNKNOWN,
};

/** What a table of makers' forms says of a serial. */
enum tw_serial_form { TW_SERIAL_WELL_FORMED = 1, TW_SERIAL_ILL_FORMED };

enum tw_metric {
	/* of any entity that consignments mention: windows count days back from the event's day, 0 is "ever"; this event is not in it */
	TW_METRIC_SEEN = 1,       /**< consignments (declared, not amended) that mentioned it */
	TW_METRIC_GROSS_KG,       /**< their gross weight, amount e4 */
	TW_METRIC_PIECES,         /**< their item quantities in unit C62, amount e4 */
	TW_METRIC_FIRST_DAYS,     /**< whole days since first seen; not stated when never */
	TW_METRIC_LAST_DAYS,      /**< whole days since last seen; not stated when never */
	TW_METRIC_COUNTERPARTIES, /**< distinct other parties, estimated (sketch); of a party or address */
	TW_METRIC_COUNTRIES,      /**< distinct countries of load and discharge, exact; of a party, vessel or container */
	TW_METRIC_OFFICES,        /**< distinct customs offices, estimated; of a certificate too */
	/* of a consignment */
	TW_METRIC_REVISIONS, /**< declared and amended events before this one */
	/* of a consignment, and of a party or vessel that some revision of an inspected consignment names, this consignment's own not counted;
	   windows as above */
	TW_METRIC_INSPECTIONS,   /**< outcomes recorded */
	TW_METRIC_DISCREPANCIES, /**< outcomes with result discrepancy or seizure */
	TW_METRIC_SEIZURES,      /**< outcomes with result seizure */
	/* of a certificate; the line is the reference's line, else all lines */
	TW_METRIC_KNOWN,              /**< flag: terms are on record */
	TW_METRIC_STATUS,             /**< enum tw_certificate_status at the event's time */
	TW_METRIC_AUTHENTICATED,      /**< flag: authenticated at some time before, whatever came after */
	TW_METRIC_CERTIFIED,          /**< quantity certified, amount e4; not stated when terms are unknown or in another unit */
	TW_METRIC_DRAWN_BEFORE,       /**< quantity drawn by other consignments, amount e4; what was cancelled or amended away is given back */
	TW_METRIC_DRAWN_WITH,         /**< DRAWN_BEFORE plus what this consignment draws (all its lines), amount e4 */
	TW_METRIC_OTHER_CONSIGNMENTS, /**< consignments other than this one that draw on it */
	TW_METRIC_USED_DAYS,          /**< days since the first consignment that draws on it, this one too, said so; not stated before any did */
	TW_METRIC_SINGLE_TRANSACTION, /**< flag of the terms */
	TW_METRIC_VALID_FROM,         /**< date of the terms */
	TW_METRIC_VALID_UNTIL,        /**< date of the terms */
	TW_METRIC_LISTS_SERIALS,      /**< flag: the terms name the weapons by serial or range */
	TW_METRIC_FINAL_DESTINATION,  /**< country of the terms */
	TW_METRIC_TERMS_CONFLICT,     /**< flag: one revision stated with different content */
	/* of a certificate with what this event itself says of it, whichever came first */
	TW_METRIC_STATUS_LATEST,          /**< enum tw_certificate_status after all that is on record, also of later than the event's time */
	TW_METRIC_TERMS_CONFLICT_WITH,    /**< flag: TERMS_CONFLICT, this event's terms among them */
	TW_METRIC_OVER_DRAWN,             /**< what is drawn above the terms, amount e4, of the line with the most; 0: nothing */
	TW_METRIC_DRAWS_OUTSIDE_VALIDITY, /**< consignments that draw on it and depart before or after it is valid */
	TW_METRIC_DRAWS_ELSEWHERE,        /**< consignments that draw on it and go to another country than its final destination */
	/* of a certificate: deliveries under it. The first three where delivery is to be verified, by the latest event on its record (delivery.h) */
	TW_METRIC_DELIVERIES_AWAITED,    /**< consignments that arrived, or should have, and are not verified */
	TW_METRIC_DELIVERIES_OVERDUE,    /**< of them, those whose time for it is over */
	TW_METRIC_DELIVERY_DAYS_OVER,    /**< by how many days, of the one with the most; 0: none is */
	TW_METRIC_DELIVERY_SHORT,        /**< what this consignment shipped above what was verified, amount e4, of the line with the most */
	TW_METRIC_DELIVERY_OVER,         /**< what was verified above what it shipped */
	TW_METRIC_DELIVERY_CANCELLED,    /**< flag, of a consignment too: it was cancelled, and its delivery is verified */
	TW_METRIC_DELIVERIES_FALLEN_DUE, /**< of DELIVERIES_OVERDUE those that this event of passed time is about, and that none told before (due.h)
	                                  */
	TW_METRIC_OPEN_CONSIGNMENTS,  /**< other consignments that draw on it, and whose delivery is not verified: by any event on record. Of what is
	                                 announced ahead of its day (`effective`) those that do not leave before it */
	TW_METRIC_DELIVERED,          /**< flag: the delivery of this consignment is verified, by any event on record */
	TW_METRIC_DELIVERIES_SETTLED, /**< of those that were told as late, how many are not late any more by what this event of it says (due.h) */
	/* of a certificate; values in the currency of the line that asks, which is not changed into another */
	TW_METRIC_VALUE_CERTIFIED,  /**< value certified, amount e4; not stated when the terms do not say it, or in another currency */
	TW_METRIC_VALUE_DRAWN_WITH, /**< value drawn, this consignment's among it, amount e4 */
	TW_METRIC_VALUE_OVER_DRAWN, /**< OVER_DRAWN in value, with what this event itself says */
	TW_METRIC_OVER_DRAWN_TIMES, /**< OVER_DRAWN as a multiple: drawn by certified, amount e4, of the line with the most; 0: none is drawn above
	                               itself */
	TW_METRIC_VALUE_OVER_DRAWN_TIMES,
	/* of a certificate, whether the line that asks is among its items (the reference's line, else any); not stated where either says nothing, or
	   where not all lines' words are kept (engine/state/paper.h) */
	TW_METRIC_HS_NAMED,           /**< flag: a heading of four digits, or the shorter code begins the longer */
	TW_METRIC_CONTROL_CODE_NAMED, /**< flag: the code, or one above or below it: ML1 and ML1.a */
	TW_METRIC_MAKE_NAMED,         /**< flag */
	TW_METRIC_MODEL_NAMED,        /**< flag */
	TW_METRIC_CALIBRE_NAMED,      /**< flag: "7.62 x 39" is "7,62x39mm" */
	TW_METRIC_WAY_OUTSIDE, /**< country that the route passes, and neither transit nor destination names; not stated without a transit list */
	TW_METRIC_WAY_UNNAMED, /**< the same, whether or not it lists countries of transit; not stated without its terms or where not all are kept */
	/* of a certificate with what this event itself says of it: consignments that draw on it ... */
	TW_METRIC_DRAWS_OF_OTHER_GOODS, /**< with a line whose HS code, control code or calibre is not NAMED by it */
	TW_METRIC_DRAWS_ANOTHER_WAY,    /**< and pass a country that is WAY_OUTSIDE */
	/* of them the latest TW_DRAWS_SAID_MAX, whose words are kept (engine/state/draw_said.h): ... */
	TW_METRIC_DRAWS_OF_OTHER_MAKES,        /**< with a maker that is not NAMED */
	TW_METRIC_DRAWS_OF_OTHER_MODELS,       /**< with a model that is not NAMED */
	TW_METRIC_DRAWS_OF_OTHER_SERIALS,      /**< with a serial that the certificate, where it lists serials, does not list */
	TW_METRIC_DRAWS_FOR_OTHER_END_USERS,   /**< with an end-user that it does not name as one who receives */
	TW_METRIC_DRAWS_TO_OTHER_CONSIGNEES,   /**< with a consignee, no government, that it does not name */
	TW_METRIC_DRAWS_FROM_OTHER_CONSIGNORS, /**< with a consignor that it does not name */
	TW_METRIC_DRAWS_THROUGH_OTHER_BROKERS, /**< with a broker or intermediate that it does not name */
	/* of the paper that a certificate is written on */
	TW_METRIC_OTHER_CERTIFICATES, /**< other certificate numbers that stand on the same document or paper */
	/* of a party of a manifest */
	TW_METRIC_UNDERTAKINGS, /**< certificates that name it as end-user or consignee, whose goods may not be re-exported or only with consent, with
	                           a heading of this consignment, which goes to another country than theirs */
	/* of a party */
	TW_METRIC_OVERDUE_ELSEWHERE, /**< deliveries under other certificates that name it as end-user or exporter, late and not verified at the
	                                event's time */
	TW_METRIC_NAMED_AS, /**< enum tw_party_role, or TW_NAMED_NOT: how the manifest's certificates name it, the role that it has here first; not
	                       stated where none of them names anybody on its side of the trade, or not all of its parties are kept */
	/* of a certificate's signatory and of its issuer, by the specimen register of the centre */
	TW_METRIC_SIGNATORY, /**< enum tw_specimen; not stated without a register of that country */
	TW_METRIC_OFFICE,    /**< likewise, of the issuer's authority and office */
	/* of a party, by the quantity bands of the centre, which one row of them answers (engine/screen/quantity_check.h); not stated without a row
	 */
	TW_METRIC_QUANTITY_HELD, /**< what the paper states of that row's goods, or the record holds over its days, amount e4 in the row's unit */
	TW_METRIC_QUANTITY_LOW,  /**< the least that is plausible; not stated where that is open */
	TW_METRIC_QUANTITY_HIGH, /**< the most */
	TW_METRIC_QUANTITY_ROW,  /**< the row's line in the file */
	/* of a marking */
	TW_METRIC_MARKING_STATUS,        /**< enum tw_marking_status before this event */
	TW_METRIC_MARKING_STATUS_LATEST, /**< the same after all that is on record, also of later than the event's time */
	TW_METRIC_MARKING_STATUS_SINCE,  /**< the same of reports of a later time than the event's alone */
	TW_METRIC_MARKING_DESTROYED,     /**< flag: a report of the event's time or before says that it was destroyed, whatever was reported since */
	TW_METRIC_MARKING_CONSIGNMENTS,  /**< other consignments that state the same mark, and were neither cancelled nor amended away */
	TW_METRIC_MARKING_SINCE,         /**< those of them that were declared on the event's time or later */
	/* of a serial or a range of them, from its maker's series: of what is written with the same letters and meets in a number, or (alike) with
	   letters that are taken for each other */
	TW_METRIC_OVERLAPS,               /**< other consignments that state some of it */
	TW_METRIC_OVERLAPS_SINCE,         /**< those of them that were declared on the event's time or later */
	TW_METRIC_ALIKE,                  /**< other consignments that state something alike */
	TW_METRIC_OVERLAPS_STATUS,        /**< enum tw_marking_status: the gravest that is on record of any of it at the event's time */
	TW_METRIC_OVERLAPS_STATUS_LATEST, /**< the same after all that is on record, also of later than the event's time */
	TW_METRIC_ALIKE_STATUS,           /**< as TW_METRIC_OVERLAPS_STATUS, of what is alike */
	TW_METRIC_OVERLAPS_CERTIFICATES,  /**< other certificates that list some of it */
	TW_METRIC_COVERED,                /**< flag: a certificate of the mark's own line names all of it */
	/* of a serial or a lot: what its own record and its series say, what is only alike left out; other consignments' as long as they stand */
	TW_METRIC_RECORDED_QUANTITY,  /**< pieces, amount e4: the most that reports of one kind, certificates, consignments or inspections name with
	                                 it, this  event's report among them; not stated where one of them does not say how many */
	TW_METRIC_DESTROYED_QUANTITY, /**< pieces that all reports of destruction name with it, this event's among them */
	TW_METRIC_OTHER_COMPONENTS,   /**< consignments that state it on another component than this mark's; windows as above */
	TW_METRIC_OVERLAPS_FOUND,     /**< consignments in which an inspection found some of it, whose papers state none of it, and that MARKING_FOUND
	                                 does not have */
	TW_METRIC_OTHERWISE,          /**< 1 to 4, calibre, country of manufacture, year, model: what is on record of the weapon otherwise */
	TW_METRIC_SERIAL_FORM,        /**< enum tw_serial_form, by the centre's table of makers' forms; not stated without a row that is about it */
	/* distinct others: what consignments (declared, amended) linked with the entity within the window, without what this event itself links;
	   of each kind the latest TW_LINKS_MAX are kept */
	TW_METRIC_CONSIGNEES,    /**< of a party */
	TW_METRIC_CONSIGNORS,    /**< of a party */
	TW_METRIC_ROUTES,        /**< country of loading to country of discharge; of a party, vessel or container */
	TW_METRIC_VESSELS,       /**< of a party */
	TW_METRIC_HEADINGS,      /**< HS headings, four digits; of a party */
	TW_METRIC_FLAGS,         /**< of a vessel */
	TW_METRIC_NAMES,         /**< of a vessel */
	TW_METRIC_USERS,         /**< parties that state it as theirs; of an address, phone or e-mail */
	TW_METRIC_ARMS_HEADINGS, /**< HS headings of firearms, their parts and ammunition; of a container, and of a consignment: what it said before
	                          */
	/* how many of those that this event links with the entity were not so linked within the window */
	TW_METRIC_NEW_CONSIGNEES,
	TW_METRIC_NEW_CONSIGNORS,
	TW_METRIC_NEW_ROUTES,
	TW_METRIC_NEW_VESSELS,
	TW_METRIC_NEW_HEADINGS,
	TW_METRIC_NEW_FLAGS,
	TW_METRIC_NEW_NAMES,
	TW_METRIC_NEW_USERS,
	TW_METRIC_NEW_ARMS_HEADINGS,
	/* this consignment against the declared ones of a party, amounts e4; not stated below TW_USUAL_MIN of them */
	TW_METRIC_KG_MEAN,
	TW_METRIC_KG_DEVIATION, /**< standard deviation of all of them */
	TW_METRIC_KG_Z,         /**< by how many deviations this one is above the mean, below it if negative */
	TW_METRIC_PIECES_MEAN,
	TW_METRIC_PIECES_DEVIATION,
	TW_METRIC_PIECES_Z,
	TW_METRIC_VALUE_MEAN, /**< not stated either when they, or they and this one, are not in one currency */
	TW_METRIC_VALUE_DEVIATION,
	TW_METRIC_VALUE_Z,
	TW_METRIC_WARES,    /**< light consignments to a consignee, or to the address, phone or e-mail of one, whose goods are on record: `earlier` */
	TW_METRIC_RECEIVED, /**< other consignments in which a party was sent controlled goods as end-user or consignee: `received`
	                       (engine/state/receipts.h) */
	/* of a consignment of controlled goods, with what this event itself says */
	TW_METRIC_RECEIVER_CHANGED, /**< enum tw_party_role of who receives it by the latest revision, told after departure, and did not by the latest
	                               before it: end-user, else consignee, else notify party, where nobody of that role stays; `drawn` for `named` */
	/* of a certificate or a mark, with its series */
	TW_METRIC_UNCONFIRMED_DAYS, /**< of a certificate, by an event that its confirmation is due: for how many days it has been in use, if nobody
	                               confirmed it and no such event told so before (engine/state/confirm.h) */
	TW_METRIC_CONFIRMATION_SETTLED, /**< flag: this event confirms a certificate of which such an event told */
	TW_METRIC_OTHER_TRANSACTIONS,   /**< consignments on a certificate that are no part of the same transaction as this one, of the certificate's
	                                   own   event: as the first one (engine/state/transactions.h) */
	TW_METRIC_MARKING_FOUND,        /**< consignments in which an inspection found the mark, and whose papers do not state it */
	TW_METRIC_RECEIVED_EARLY, /**< by how many days this consignment was received, as its verification says, before it arrived, or could have */
	TW_METRIC_ISSUED_ON,      /**< date on which a certificate was issued; not stated once an amendment is on record */
	TW_METRIC_DRAWS_BEFORE_ISSUE, /**< consignments that draw on a certificate and departed before that day */
	/* of a consignment of controlled goods, with what the event itself says (engine/state/voyage.h): its latest revision, told after departure,
	   against the latest before it, else against the first */
	TW_METRIC_SEALS_CHANGED,     /**< containers that carry none of their seals any more, and others */
	TW_METRIC_GROSS_LOST,        /**< kg, amount e4: by how much the whole or one container got lighter, the more of both */
	TW_METRIC_CRAFT_CHANGED,     /**< flag: the registration of the aircraft */
	TW_METRIC_ARRIVED_ELSEWHERE, /**< country whose office says that it arrived, and that its route does not name */
	TW_METRIC_ARRIVED_AT_END,    /**< the office that says that it arrived is in the country where its route ends */
	/* of a consignee, of goods for repair or for a time */
	TW_METRIC_LENT,      /**< pieces, amount e4, that it sent so to the consignor and that no other consignment brought back; not stated: none */
	TW_METRIC_LENT_LEFT, /**< what of them this consignment leaves out */
	/* of a certificate's contract */
	TW_METRIC_CERTIFICATES_ELSEWHERE, /**< other certificates of that exporter and contract for another final destination */
	TW_METRIC_PAPER_SHARED,           /**< flag: of a certificate, that its document or printed paper is on record under another one too */
	TW_METRIC_DEPARTED_LATE, /**< of a certificate: consignments on it that its last day had passed for when they really left, by this event first
	                          */
	/* of a certificate: whose word its confirmations and verifications are (engine/state/words.h) */
	TW_METRIC_OWN_WORDS, /**< of them, those that are the word of somebody who trades under it, and count for nothing; this event's among them */
	TW_METRIC_SAID_BY,   /**< enum tw_party_role, or TW_NAMED_NOT: how it, or what is drawn on it, names whom this event says it is by */
	/* of a certificate: what was verified under it (engine/state/undeclared.h) */
	TW_METRIC_VERIFIED_OTHERS,       /**< lines of this event's verification, else of all, that are none of the certificate's */
	TW_METRIC_DELIVERIES_UNDECLARED, /**< of an event of passed time: verified consignments whose manifest never named it, and that none told
	                                    before */
	/* of a certificate, and of a manifest's licence */
	TW_METRIC_LICENCES_ELSEWHERE, /**< other certificates that state one of its licences for another final destination */
	/* of a mark that an inspection found */
	TW_METRIC_LISTED, /**< flag: its manifest, or a certificate that it draws on, states it; not stated where neither names marks of that maker */
	/* of a consignor */
	TW_METRIC_SUPPLIED_BY_RECEIVER, /**< certificates that name it as end-user or consignee of whom this consignment goes to, in his own country
	                                 */
	/* of a manifest's mark (engine/state/passage.h) */
	TW_METRIC_MARKING_LIVE,      /**< as MARKING_CONSIGNMENTS, without those that are over: who received the weapon sends it on */
	TW_METRIC_OVERLAPS_LIVE,     /**< as OVERLAPS, likewise */
	TW_METRIC_MARKING_ELSEWHERE, /**< of those, the nearest before and after: bound for one country, and it goes on from another */
	TW_METRIC_MARKING_PASSED_ON, /**< those in which whoever sends it received it, and which had come before it leaves */
	TW_METRIC_STATED_AGAIN,      /**< line of this event's manifest on which the same serial stands once more; not stated: on none */
	/* of a mark, by its number whoever made it (engine/state/number.h) */
	TW_METRIC_NUMBER_STATUS_MODEL,   /**< enum tw_marking_status: the gravest that reports of a weapon of the same model end with */
	TW_METRIC_NUMBER_STATUS_CALIBRE, /**< likewise of the same calibre, where one of the two states no model */
	TW_METRIC_NUMBER_SHIPPED_MODEL,  /**< consignments that state it without a maker, of the same model */
	TW_METRIC_NUMBER_SHIPPED_CALIBRE,
	/* of a consignor of goods for a time */
	TW_METRIC_LENT_OPEN, /**< other consignments of goods for a time, told before, from it to whom this one goes to, as long as less came back than went */
	/* of a mark that was read in part ('?'), of which the others say nothing but what manifests state */
	TW_METRIC_PART_READ_STATUS,  /**< as MARKING_STATUS */
	TW_METRIC_PART_READ_SHIPPED, /**< as MARKING_CONSIGNMENTS, of a report */
	/* of a manifest's mark, where one of the two states a maker and the other none (engine/state/number.h); a range meets what it holds */
	TW_METRIC_UNNAMED_MODEL,   /**< enum tw_marking_status: the gravest of reports of the same model, as of the event's time */
	TW_METRIC_UNNAMED_CALIBRE, /**< of the same calibre, where one of the two states no model */
	TW_METRIC_UNNAMED_NUMBER,  /**< of the same number, where neither can be compared, and nothing differs */
	/* of a manifest's licence (engine/state/licence.h) */
	TW_METRIC_LICENCE_DRAWN,     /**< quantity that is drawn on it, this consignment's among it, amount e4, in the unit of the line that asks */
	TW_METRIC_LICENCE_ALLOWED,   /**< the most that its paper beside the manifest states; not stated where none does */
	TW_METRIC_LICENCE_VALUE,     /**< LICENCE_DRAWN in value, in the currency of the line that asks */
	TW_METRIC_LICENCE_VALUE_MAX, /**< LICENCE_ALLOWED in value */
	TW_METRIC_LICENCE_CERTIFIED, /**< flag: a certificate of the line states it; not stated where none of them states licences, or not all are kept */
	TW_METRIC_LICENCE_OTHERS,    /**< other consignments on it from another consignor or to another consignee */
	TW_METRIC_AT_LIMIT, /**< flag: more is on record than its record holds: the earliest is no longer seen, and sums are at least what they say */
};
#define TW_METRIC_FIRST TW_METRIC_SEEN
#define TW_METRIC_LAST  TW_METRIC_AT_LIMIT

/** How to read an answer. */
enum tw_answer_kind { TW_ANSWER_COUNT = 1, TW_ANSWER_AMOUNT, TW_ANSWER_DAYS, TW_ANSWER_DATE, TW_ANSWER_FLAG, TW_ANSWER_CHOICE, TW_ANSWER_COUNTRY };

struct tw_metric_info {
	const char *name; /**< the rule language's word */
	enum tw_metric metric;
	uint32_t entities; /**< bit (1 << enum tw_entity_kind) for each kind it may be asked of */
	enum tw_answer_kind answer;
	bool windowed;            /**< takes `days` */
	const char *const *words; /**< CHOICE: NULL-terminated, words[i] has value i + 1 */
};

struct tw_history_query {
	enum tw_entity_kind entity;
	enum tw_metric metric;
	uint32_t window_days; /**< 0: ever; at most TW_HISTORY_DAYS */
	const void *subject;  /**< the struct in the event: tw_party, tw_address, tw_means, tw_container, tw_consignment, tw_certificate_ref,
	                         tw_marking ...;  NULL for the event's own entity (its consignment, certificate, marked item) */
};

/** What one earlier consignment was said to hold. */
struct tw_earlier {
	struct tw_slice consignment;
	struct tw_slice goods; /**< descriptions of its lines, as received, and "marked slide" for marked components, " | " between them; at most
	                          TW_WARES_BYTES_MAX */
};

/** A party of an earlier consignment. */
struct tw_drawn_party {
	struct tw_slice consignment;
	uint16_t country; /**< 0: not stated */
	struct tw_slice name, original_name;
	uint32_t role; /**< TW_METRIC_RECEIVER_CHANGED: enum tw_party_role */
};

/** A line of controlled goods that a party was sent. */
struct tw_received {
	struct tw_slice hs, control_code; /**< as stated, cut at 24 bytes; may be empty */
	uint32_t unit;                    /**< of tw_unit_code */
	int64_t quantity_e4;
};

/** Somebody whom a certificate names. */
struct tw_named {
	uint32_t role;    /**< enum tw_party_role */
	uint16_t country; /**< 0: not stated */
	struct tw_slice name;
};

struct tw_history_answer {
	bool stated; /**< false: the entity has no record, or the metric has no value for it */
	int64_t value;
	struct tw_slice key;        /**< the entity's key, for the explanation */
	struct tw_slice related[4]; /**< consignments behind the answer, most recent first (event arena) */
	uint32_t related_count;
	const struct tw_earlier *earlier; /**< TW_METRIC_WARES: the latest first */
	uint32_t earlier_count;
	const struct tw_named
	    *named; /**< TW_METRIC_NAMED_AS, TW_NAMED_NOT: whom that certificate names instead, in the order in which a name alike counts;
	               TW_METRIC_DRAWS_FOR_OTHER_END_USERS and the three after it: whom it names so that they would be meant */
	uint32_t named_count;
	const struct tw_received *received; /**< TW_METRIC_RECEIVED */
	uint32_t received_count;
	const struct tw_drawn_party *drawn; /**< those four: parties whose key it does not have, consignment by consignment, the latest first */
	uint32_t drawn_count;
};

#endif
