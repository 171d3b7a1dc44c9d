/**
 * @file limits.h
 * Every bound in one place, each with its reason. Passing one is a clear refusal (dead letter, refused list or rule), never a cut.
 */
#ifndef TIDEWAITER_LIMITS_H
#define TIDEWAITER_LIMITS_H

/* --- one event (EVENTS contract: at most 1 MiB, 32 levels) --- */
#define TW_EVENT_BYTES_MAX (1024U * 1024U) /* Kafka's default message.max.bytes; the setting limits.event_bytes lowers it */
#define TW_EVENT_DEPTH_MAX 32              /* the deepest contract path has 9 levels */
#define TW_TEXT_BYTES_MAX  (64U * 1024U)   /* a goods description is at most 512 bytes in the WCO data model; whole letters get pasted */
#define TW_ITEMS_MAX       9999            /* a declaration's line number has at most four digits in practice; SAD allows 999 */
#define TW_PARTIES_MAX     256             /* groupage bills name tens */
#define TW_LEGS_MAX        64              /* a world tour calls at fewer ports */
#define TW_CONTAINERS_MAX  2000            /* the largest charter bills carry hundreds */
#define TW_CODES_MAX       1000            /* certificates, licences, containers, seals, ids a line or party */
#define TW_MARKINGS_MAX    20000           /* single serials a line; larger lots come as ranges */
#define TW_DOCUMENTS_MAX   1000
#define TW_WARNINGS_MAX    64                   /* more of one event's warnings tell nobody more; the rest are counted */
#define TW_AMOUNT_E4_MAX   900000000000000000LL /* 9e13 units: sums of 10,000 lines still fit 63 bits after scaling down by fold */

/* --- lists and names --- */
#define TW_NAME_BYTES_MAX   1024                   /* the longest name in the UN, OFAC, EU and UK lists has under 400 bytes */
#define TW_NAME_TOKENS_MAX  64                     /* same lists: under 45 */
#define TW_HITS_MAX         32                     /* list hits an officer can read for one name */
#define TW_LIST_BYTES_MAX   (512U * 1024U * 1024U) /* the largest issuer file (OFAC advanced XML) is near 120 MB */
#define TW_LIST_ENTRIES_MAX 4000000U

/* --- rules --- */
#define TW_RULE_BYTES_MAX      (256U * 1024U)
#define TW_TABLE_BYTES_MAX     (4U * 1024U * 1024U) /* a table of a named set: 100,000 rows of 40 bytes */
#define TW_RULE_DEPTH_MAX      24                   /* nested conditions; a reader is lost long before */
#define TW_RULES_MAX           20000U
#define TW_PATTERN_MATCH_LIMIT 50000U /* PCRE2 match limit: bounds one pattern on one hostile text */
#define TW_PATTERN_DEPTH_LIMIT 250U   /* PCRE2 depth limit */
#define TW_EVIDENCE_MAX        8      /* spans a finding shows; the count of the rest is a fact */
#define TW_FACTS_MAX           12
#define TW_FINDINGS_MAX        512 /* findings an event keeps */

/* --- state --- */
#define TW_KEY_BYTES_MAX  200    /* longer entity keys keep a head and a 128-bit hash */
#define TW_OPERATIONS_MAX 65536U /* operations one event may yield; more: dead letter "limit" */
#define TW_ELEMENTS_MAX   4096U  /* draws, statuses, sightings an entity keeps; overflow is counted and a finding */
#define TW_DRAWS_MAX      256U   /* of them draws, arrivals, verifications, statuses, sightings, each: a paper for part shipments sees tens */
#define TW_DRAWS_SAID_MAX 32U /* of the draws those whose makers, parties and serials are kept: a certificate that comes late finds few before it */
#define TW_FACT_KEYS_MAX                                                                                                                             \
	256U /* certificates or parties one fact names; with every byte of a key escaped still a third of an event. More: more facts */
#define TW_LINKS_MAX        32U /* consignees, routes, vessels ... an entity keeps of each kind: who has more has no habit that one more would break */
#define TW_LINKS_EVENT_MAX  16U  /* of each kind that one event adds; the first stated ones */
#define TW_USUAL_MIN        5    /* consignments before a mean says anything */
#define TW_WARES_MAX        32U  /* light consignments whose goods a receiver keeps: four a week over two months */
#define TW_WARES_BYTES_MAX  240U /* of their text: three lines of an ordinary declaration */
#define TW_WARES_KG_MAX     100  /* heavier consignments are not the parcel trade in which parts are split */
#define TW_PAPERS_MAX       8U   /* statements of one certificate whose words are kept: an issue and seven amendments; the numbers of all are */
#define TW_UNDERTAKINGS_MAX 32U  /* certificates whose assurances are kept of one receiver: a ministry's of three years */
#define TW_RECEIVED_MAX     64U  /* consignments of controlled goods that are kept of one receiver: more than one a week over a year */
#define TW_RECEIVERS_MAX    16U  /* revisions of one consignment whose receivers are kept: diligent agents make three */
#define TW_EXPECTED_MAX     64U  /* deliveries that are kept of one end-user or exporter: the latest; what is late for years was told */
#define TW_PAPER_BYTES_MAX  (24U * 1024U) /* of one: 100 to 200 lines with their words; an ordinary certificate has one to five */
#define TW_PAPER_TEXT_MAX   240U          /* of a name, an office, a description of goods: as in TW_WARES_BYTES_MAX */
#define TW_PAPER_CODE_MAX   64U           /* of a number, a make, a model: SHA-256 in hex takes 64 */
#define TW_PAPER_LIST_MAX   16U           /* parties, signatories, licences, countries of transit: real ones state under six of each */
#define TW_HISTORY_DAYS     400           /* day buckets: a year, and slack for late events */

/* --- batches --- */
#define TW_BATCH_EVENTS_MAX 10000U

#endif
