/**
 * @file name_form_words.c
 * Two tables: see name_form_words.h.
 * Sources: opensanctions/rigour (MIT), org_types, for most forms, written out and short, and their kinds, made fewer; the others are national
 * forms in common use (ASA in Norway, SAL in Lebanon, WLL, BSC, KSC, SAOG and EST in the Gulf, PVT in South Asia, PJS in Iran, SAC and SAA in Peru,
 * EAD and EOOD in Bulgaria, TOO in Kazakhstan, ODO, RUP and CHUP in Belarus, FGUP and GUP, unitary enterprises, in Russia, youxian gongsi in China).
 */
#include "feeds/name_form_words.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "engine/base/hash.h"
#include "feeds/name.h"
#include "feeds/word_table.h"

struct form {
	struct tw_slice word;
	uint32_t uses;
	struct tw_slice kind;
};

#define WORD(text)                                                                                                                                   \
	{                                                                                                                                            \
		text, sizeof(text) - 1                                                                                                               \
	}

#define GROUP_MAX        24
#define GROUP_SLOTS      1024 /* twice as many as there are groups */
#define TOLD_LETTERS_MIN 4
#define SLIP_LETTERS_MIN 7 /* of a word so long that one slip makes no other word of it */
#define DOUBT_LETTERS_MIN 5 /* of a word of a phrase that is meant though two letters of it are wrong: the other words say so */

/* Sorted by word: found by bisection. Folded spelling; "S.A." arrives here as "sa". */
static const struct form forms[] = {
    {WORD("ab"), TW_FORM_LAST, WORD("jsc")},
    {WORD("ad"), TW_FORM_LAST, WORD("jsc")},
    {WORD("ag"), TW_FORM_LAST, WORD("jsc")},
    {WORD("aktiebolag"), TW_FORM_LAST, WORD("jsc")},
    {WORD("aktiebolaget"), TW_FORM_LAST, WORD("jsc")},
    {WORD("aktiengesellschaft"), TW_FORM_LAST, WORD("jsc")},
    {WORD("aktiengeselschaft"), TW_FORM_LAST, WORD("jsc")},
    {WORD("aktieselskab"), TW_FORM_LAST, WORD("jsc")},
    {WORD("anpartsselskab"), TW_FORM_LAST, WORD("llc")},
    {WORD("ao"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("aps"), TW_FORM_LAST, WORD("llc")},
    {WORD("as"), TW_FORM_LAST, WORD("jsc")},
    {WORD("asa"), TW_FORM_LAST, WORD("jsc")},
    {WORD("berhad"), TW_FORM_LAST, WORD("llc")},
    {WORD("bhd"), TW_FORM_LAST, WORD("llc")},
    {WORD("bsc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("bscc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("bt"), TW_FORM_LAST, WORD("lp")},
    {WORD("bv"), TW_FORM_LAST, WORD("llc")},
    {WORD("bvba"), TW_FORM_LAST, WORD("llc")},
    {WORD("ca"), TW_FORM_LAST, WORD("ca")},
    {WORD("chao"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("chup"), TW_FORM_FIRST, WORD("soe")},
    {WORD("cia"), TW_FORM_LAST, WORD("co")},
    {WORD("cie"), TW_FORM_LAST, WORD("co")},
    {WORD("cjsc"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("cmpny"), TW_FORM_LAST, WORD("co")},
    {WORD("co"), TW_FORM_LAST, WORD("co")},
    {WORD("coinc"), TW_FORM_LAST, WORD("corp")},
    {WORD("cojsc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("cokg"), TW_FORM_LAST, WORD("lp")},
    {WORD("colimited"), TW_FORM_LAST, WORD("llc")},
    {WORD("collc"), TW_FORM_LAST, WORD("llc")},
    {WORD("coltd"), TW_FORM_LAST, WORD("llc")},
    {WORD("comp"), TW_FORM_LAST, WORD("co")},
    {WORD("company"), TW_FORM_LAST, WORD("co")},
    {WORD("companyinc"), TW_FORM_LAST, WORD("corp")},
    {WORD("companyjsc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("companylimited"), TW_FORM_LAST, WORD("llc")},
    {WORD("companyllc"), TW_FORM_LAST, WORD("llc")},
    {WORD("companyltd"), TW_FORM_LAST, WORD("llc")},
    {WORD("compny"), TW_FORM_LAST, WORD("co")},
    {WORD("copjsc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("coplc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("corp"), TW_FORM_LAST, WORD("corp")},
    {WORD("corpn"), TW_FORM_LAST, WORD("corp")},
    {WORD("corporation"), TW_FORM_LAST, WORD("corp")},
    {WORD("cosarl"), TW_FORM_LAST, WORD("llc")},
    {WORD("coy"), TW_FORM_LAST, WORD("co")},
    {WORD("cv"), TW_FORM_LAST, WORD("lp")},
    {WORD("cvba"), TW_FORM_LAST, WORD("llc")},
    {WORD("dd"), TW_FORM_LAST, WORD("jsc")},
    {WORD("dmcc"), TW_FORM_LAST, WORD("fz")},
    {WORD("doo"), TW_FORM_LAST, WORD("llc")},
    {WORD("dwc"), TW_FORM_LAST, WORD("fz")},
    {WORD("dwcllc"), TW_FORM_LAST, WORD("fz")},
    {WORD("ead"), TW_FORM_LAST, WORD("jsc")},
    {WORD("ehf"), TW_FORM_LAST, WORD("llc")},
    {WORD("eireli"), TW_FORM_LAST, WORD("llc")},
    {WORD("eirl"), TW_FORM_LAST, WORD("llc")},
    {WORD("eood"), TW_FORM_LAST, WORD("llc")},
    {WORD("est"), TW_FORM_LAST, WORD("est")},
    {WORD("establ"), TW_FORM_LAST, WORD("est")},
    {WORD("establishment"), TW_FORM_LAST, WORD("est")},
    {WORD("eurl"), TW_FORM_LAST | TW_FORM_FIRST, WORD("llc")},
    {WORD("fgbu"), TW_FORM_FIRST | TW_FORM_LAST, WORD("soe")},
    {WORD("fgup"), TW_FORM_FIRST, WORD("soe")},
    {WORD("fsbi"), TW_FORM_FIRST | TW_FORM_LAST, WORD("soe")},
    {WORD("fsue"), TW_FORM_FIRST | TW_FORM_LAST, WORD("soe")},
    {WORD("fz"), TW_FORM_LAST, WORD("fz")},
    {WORD("fzc"), TW_FORM_LAST, WORD("fz")},
    {WORD("fzco"), TW_FORM_LAST, WORD("fz")},
    {WORD("fze"), TW_FORM_LAST, WORD("fz")},
    {WORD("fzellc"), TW_FORM_LAST, WORD("fz")},
    {WORD("fzllc"), TW_FORM_LAST, WORD("llc")},
    {WORD("gbr"), TW_FORM_LAST, WORD("lp")},
    {WORD("gesmbh"), TW_FORM_LAST, WORD("llc")},
    {WORD("gmbh"), TW_FORM_LAST, WORD("llc")},
    {WORD("gmbhcokg"), TW_FORM_LAST, WORD("lp")},
    {WORD("gup"), TW_FORM_FIRST, WORD("soe")},
    {WORD("hf"), TW_FORM_LAST, WORD("jsc")},
    {WORD("inc"), TW_FORM_LAST, WORD("corp")},
    {WORD("incorp"), TW_FORM_LAST, WORD("corp")},
    {WORD("incorporated"), TW_FORM_LAST, WORD("corp")},
    {WORD("jdoo"), TW_FORM_LAST, WORD("llc")},
    {WORD("jointstockcompany"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("jsc"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("kda"), TW_FORM_LAST, WORD("lp")},
    {WORD("kft"), TW_FORM_LAST, WORD("llc")},
    {WORD("kg"), TW_FORM_LAST, WORD("lp")},
    {WORD("kgaa"), TW_FORM_LAST, WORD("jsc")},
    {WORD("kk"), TW_FORM_LAST, WORD("jsc")},
    {WORD("ksc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("kscc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("ksccp"), TW_FORM_LAST, WORD("jsc")},
    {WORD("kscp"), TW_FORM_LAST, WORD("jsc")},
    {WORD("lc"), TW_FORM_LAST, WORD("llc")},
    {WORD("lda"), TW_FORM_LAST, WORD("llc")},
    {WORD("liability"), TW_FORM_LAST, WORD("llc")},
    {WORD("limitada"), TW_FORM_LAST, WORD("llc")},
    {WORD("limited"), TW_FORM_LAST, WORD("llc")},
    {WORD("limitedliabilitycompany"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("limitee"), TW_FORM_LAST, WORD("llc")},
    {WORD("limted"), TW_FORM_LAST, WORD("llc")},
    {WORD("llc"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("llcfz"), TW_FORM_LAST, WORD("fz")},
    {WORD("lllp"), TW_FORM_LAST, WORD("lp")},
    {WORD("llp"), TW_FORM_LAST, WORD("lp")},
    {WORD("lmtd"), TW_FORM_LAST, WORD("llc")},
    {WORD("lp"), TW_FORM_LAST, WORD("lp")},
    {WORD("ltd"), TW_FORM_LAST, WORD("llc")},
    {WORD("ltda"), TW_FORM_LAST, WORD("llc")},
    {WORD("ltds"), TW_FORM_LAST, WORD("llc")},
    {WORD("ltee"), TW_FORM_LAST, WORD("llc")},
    {WORD("mbh"), TW_FORM_LAST, WORD("llc")},
    {WORD("mchj"), TW_FORM_LAST, WORD("llc")},
    {WORD("mmc"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("mup"), TW_FORM_FIRST | TW_FORM_LAST, WORD("soe")},
    {WORD("nv"), TW_FORM_LAST, WORD("jsc")},
    {WORD("nyrt"), TW_FORM_LAST, WORD("jsc")},
    {WORD("oaj"), TW_FORM_LAST, WORD("jsc")},
    {WORD("oao"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("odo"), TW_FORM_FIRST, WORD("llc")},
    {WORD("ohg"), TW_FORM_LAST, WORD("lp")},
    {WORD("ojsc"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("ood"), TW_FORM_LAST, WORD("llc")},
    {WORD("ooo"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("osakeyhtio"), TW_FORM_LAST, WORD("llc")},
    {WORD("osauhing"), TW_FORM_LAST, WORD("llc")},
    {WORD("ou"), TW_FORM_LAST, WORD("llc")},
    {WORD("oy"), TW_FORM_LAST, WORD("llc")},
    {WORD("oyj"), TW_FORM_LAST, WORD("jsc")},
    {WORD("pao"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("pat"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("pcl"), TW_FORM_LAST, WORD("jsc")},
    {WORD("pjs"), TW_FORM_LAST, WORD("jsc")},
    {WORD("pjsc"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("pjsco"), TW_FORM_LAST, WORD("jsc")},
    {WORD("plc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("plcs"), TW_FORM_LAST, WORD("jsc")},
    {WORD("pllc"), TW_FORM_LAST, WORD("llc")},
    {WORD("prat"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("private"), TW_FORM_LAST, WORD("llc")},
    {WORD("psc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("pscc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("pt"), TW_FORM_FIRST, WORD("jsc")},
    {WORD("pte"), TW_FORM_LAST, WORD("llc")},
    {WORD("ptelimited"), TW_FORM_LAST, WORD("llc")},
    {WORD("pteltd"), TW_FORM_LAST, WORD("llc")},
    {WORD("pty"), TW_FORM_LAST, WORD("llc")},
    {WORD("ptylimited"), TW_FORM_LAST, WORD("llc")},
    {WORD("ptyltd"), TW_FORM_LAST, WORD("llc")},
    {WORD("pvt"), TW_FORM_LAST, WORD("llc")},
    {WORD("pvtlimited"), TW_FORM_LAST, WORD("llc")},
    {WORD("pvtllc"), TW_FORM_LAST, WORD("llc")},
    {WORD("pvtltd"), TW_FORM_LAST, WORD("llc")},
    {WORD("qsc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("reszvenytarsasag"), TW_FORM_LAST, WORD("jsc")},
    {WORD("rue"), TW_FORM_FIRST | TW_FORM_LAST, WORD("soe")},
    {WORD("rup"), TW_FORM_FIRST, WORD("soe")},
    {WORD("sa"), TW_FORM_LAST, WORD("jsc")},
    {WORD("saa"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sac"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sadecv"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sae"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sak"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sal"), TW_FORM_LAST, WORD("jsc")},
    {WORD("san"), TW_FORM_LAST, WORD("tic")},
    {WORD("sanayi"), TW_FORM_LAST, WORD("tic")},
    {WORD("saoc"), TW_FORM_LAST, WORD("jsc")},
    {WORD("saog"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sapa"), TW_FORM_LAST, WORD("lp")},
    {WORD("sapidecv"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sarl"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("sarlu"), TW_FORM_LAST, WORD("llc")},
    {WORD("sas"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sasu"), TW_FORM_LAST, WORD("jsc")},
    {WORD("sca"), TW_FORM_LAST, WORD("lp")},
    {WORD("scpa"), TW_FORM_LAST, WORD("lp")},
    {WORD("scrl"), TW_FORM_LAST, WORD("llc")},
    {WORD("scs"), TW_FORM_LAST, WORD("lp")},
    {WORD("sderldecv"), TW_FORM_LAST, WORD("llc")},
    {WORD("sdn"), TW_FORM_LAST, WORD("llc")},
    {WORD("sdnbhd"), TW_FORM_LAST, WORD("llc")},
    {WORD("shpk"), TW_FORM_LAST, WORD("llc")},
    {WORD("sirketi"), TW_FORM_LAST, WORD("llc")},
    {WORD("sl"), TW_FORM_LAST, WORD("llc")},
    {WORD("slne"), TW_FORM_LAST, WORD("llc")},
    {WORD("slu"), TW_FORM_LAST, WORD("llc")},
    {WORD("smba"), TW_FORM_LAST, WORD("llc")},
    {WORD("snc"), TW_FORM_LAST, WORD("lp")},
    {WORD("spa"), TW_FORM_LAST, WORD("jsc")},
    {WORD("spc"), TW_FORM_LAST, WORD("llc")},
    {WORD("sprl"), TW_FORM_LAST, WORD("llc")},
    {WORD("spzoo"), TW_FORM_LAST, WORD("llc")},
    {WORD("srl"), TW_FORM_LAST, WORD("llc")},
    {WORD("srldecv"), TW_FORM_LAST, WORD("llc")},
    {WORD("sro"), TW_FORM_LAST, WORD("llc")},
    {WORD("sti"), TW_FORM_LAST, WORD("llc")},
    {WORD("suarl"), TW_FORM_LAST, WORD("llc")},
    {WORD("tbk"), TW_FORM_LAST, WORD("jsc")},
    {WORD("tic"), TW_FORM_LAST, WORD("tic")},
    {WORD("ticaret"), TW_FORM_LAST, WORD("tic")},
    {WORD("too"), TW_FORM_FIRST, WORD("llc")},
    {WORD("tov"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("uab"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("ug"), TW_FORM_LAST, WORD("llc")},
    {WORD("ulc"), TW_FORM_LAST, WORD("llc")},
    {WORD("unternehmergesellschaft"), TW_FORM_LAST, WORD("llc")},
    {WORD("vof"), TW_FORM_LAST, WORD("lp")},
    {WORD("wll"), TW_FORM_LAST, WORD("llc")},
    {WORD("zao"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("zat"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("zrt"), TW_FORM_LAST, WORD("jsc")},
    {WORD("ао"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("гуп"), TW_FORM_FIRST | TW_FORM_LAST, WORD("soe")},
    {WORD("зао"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("оао"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("ооо"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("пао"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("пат"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("прат"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
    {WORD("тов"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("тоо"), TW_FORM_FIRST | TW_FORM_LAST, WORD("llc")},
    {WORD("фгуп"), TW_FORM_FIRST | TW_FORM_LAST, WORD("soe")},
    {WORD("чао"), TW_FORM_FIRST | TW_FORM_LAST, WORD("jsc")},
};

/* Longer before shorter where one ends or begins another. */
const struct tw_name_phrase tw_name_phrases[] = {
    {WORD("cong ty trach nhiem huu han"), WORD("llc"), true},
    {WORD("s de rl de cv"), WORD("llc"), false},
    {WORD("sociedad anonima de capital variable"), WORD("jsc"), true},
    {WORD("besloten vennootschap met beperkte aansprakelijkheid"), WORD("llc"), true},
    {WORD("shoqeri me pergjegjesi te kufizuar"), WORD("llc"), true},
    {WORD("ednolichno druzhestvo s ogranichena otgovornost"), WORD("llc"), true},
    {WORD("empresa individual de responsabilidad limitada"), WORD("llc"), true},
    {WORD("free zone limited liability company"), WORD("fz"), true},
    {WORD("private company with limited liability"), WORD("llc"), true},
    {WORD("sociedad en comandita por acciones"), WORD("lp"), true},
    {WORD("societe en commandite par actions"), WORD("lp"), true},
    {WORD("societe privee a responsabilite limitee"), WORD("llc"), true},
    {WORD("public joint stock company"), WORD("jsc"), true},
    {WORD("open joint stock company"), WORD("jsc"), true},
    {WORD("closed joint stock company"), WORD("jsc"), true},
    {WORD("private joint stock company"), WORD("jsc"), true},
    {WORD("sociedad de responsabilidad limitada"), WORD("llc"), true},
    {WORD("sociedad por acciones simplificada"), WORD("jsc"), true},
    {WORD("societe a responsabilite limitee"), WORD("llc"), true},
    {WORD("societe par actions simplifiee"), WORD("jsc"), true},
    {WORD("societe en commandite simple"), WORD("lp"), true},
    {WORD("societe en nom collectif"), WORD("lp"), true},
    {WORD("societa a responsabilita limitata"), WORD("llc"), true},
    {WORD("gesellschaft mit beschrankter haftung"), WORD("llc"), false},
    {WORD("obshchestvo s ogranichennoy otvetstvennostyu"), WORD("llc"), true},
    {WORD("obschestvo s ogranichennoy otvetstvennostyu"), WORD("llc"), true},
    {WORD("tovarystvo z obmezhenoyu vidpovidalnistyu"), WORD("llc"), true},
    {WORD("tavarystva z abmezhavanay adkaznastsyu"), WORD("llc"), true},
    {WORD("spolka z ograniczona odpowiedzialnoscia"), WORD("llc"), true},
    {WORD("spolecnost s rucenim omezenym"), WORD("llc"), false},
    {WORD("spolocnost s rucenim obmedzenym"), WORD("llc"), false},
    {WORD("druzhestvo s ogranichena otgovornost"), WORD("llc"), true},
    {WORD("drustvo s ogranicenom odgovornoscu"), WORD("llc"), true},
    {WORD("drustvo sa ogranicenom odgovornoscu"), WORD("llc"), true},
    {WORD("druzba z omejeno odgovornostjo"), WORD("llc"), true},
    {WORD("societate cu raspundere limitata"), WORD("llc"), true},
    {WORD("sabiedriba ar ierobezotu atbildibu"), WORD("llc"), true},
    {WORD("cong ty co phan"), WORD("jsc"), true},
    {WORD("aktsionernoe obshchestvo otkrytogo tipa"), WORD("jsc"), true},
    {WORD("company with limited liability"), WORD("llc"), true},
    {WORD("federal state budgetary institution"), WORD("soe"), true},
    {WORD("federal state unitary enterprise"), WORD("soe"), true},
    {WORD("federalnoe gosudarstvennoe byudzhetnoe uchrezhdenie"), WORD("soe"), true},
    {WORD("federalnoe gosudarstvennoe unitarnoe predpriyatie"), WORD("soe"), true},
    {WORD("gesellschaft mit beschraenkter haftung"), WORD("llc"), true},
    {WORD("gmbh and company kg"), WORD("lp"), true},
    {WORD("gmbh und company kg"), WORD("lp"), true},
    {WORD("obshchestvo s dopolnitelnoy otvetstvennostyu"), WORD("llc"), true},
    {WORD("private limited liability company"), WORD("llc"), true},
    {WORD("production republican unitary enterprise"), WORD("soe"), true},
    {WORD("professional limited liability company"), WORD("llc"), true},
    {WORD("selskab med begraenset ansvar"), WORD("llc"), true},
    {WORD("sherkat ba masouliyat mahdoud"), WORD("llc"), true},
    {WORD("sociedad en comandita simple"), WORD("lp"), true},
    {WORD("societatea cu raspundere limitata"), WORD("llc"), true},
    {WORD("societatea publica pe actiuni"), WORD("jsc"), true},
    {WORD("societe par actions ouverte"), WORD("jsc"), true},
    {WORD("societe publique par actions"), WORD("jsc"), true},
    {WORD("tavarystva z abmezhavanaj adkaznascyu"), WORD("llc"), true},
    {WORD("tovarishchestvo s ogranichennoy otvetstvennostyu"), WORD("llc"), true},
    {WORD("vennootschap met beperkte aansprakelijkheid"), WORD("llc"), true},
    {WORD("joint stock company"), WORD("jsc"), true},
    {WORD("public joint stock"), WORD("jsc"), true},
    {WORD("open joint stock"), WORD("jsc"), true},
    {WORD("closed joint stock"), WORD("jsc"), true},
    {WORD("private joint stock"), WORD("jsc"), true},
    {WORD("limited liability company"), WORD("llc"), true},
    {WORD("limited liability partnership"), WORD("lp"), true},
    {WORD("public limited company"), WORD("jsc"), true},
    {WORD("private limited company"), WORD("llc"), true},
    {WORD("free zone company"), WORD("fz"), false},
    {WORD("free zone establishment"), WORD("fz"), false},
    {WORD("free zone enterprise"), WORD("fz"), false},
    {WORD("sa de cv"), WORD("jsc"), false},
    {WORD("sab de cv"), WORD("jsc"), false},
    {WORD("sapi de cv"), WORD("jsc"), false},
    {WORD("s de rl"), WORD("llc"), false},
    {WORD("societa per azioni"), WORD("jsc"), true},
    {WORD("publichnoe aktsionernoe obshchestvo"), WORD("jsc"), true},
    {WORD("publichnoye aktsionernoye obshchestvo"), WORD("jsc"), true},
    {WORD("otkrytoe aktsionernoe obshchestvo"), WORD("jsc"), true},
    {WORD("otkrytoye aktsionernoye obshchestvo"), WORD("jsc"), true},
    {WORD("zakrytoe aktsionernoe obshchestvo"), WORD("jsc"), true},
    {WORD("zakrytoye aktsionernoye obshchestvo"), WORD("jsc"), true},
    {WORD("publichne aktsionerne tovarystvo"), WORD("jsc"), true},
    {WORD("pryvatne aktsionerne tovarystvo"), WORD("jsc"), true},
    {WORD("adkrytae aktsyyanernae tavarystva"), WORD("jsc"), true},
    {WORD("spolka z oo"), WORD("llc"), true},
    {WORD("sp z oo"), WORD("llc"), false},
    {WORD("spol s ro"), WORD("llc"), false},
    {WORD("korlatolt felelossegu tarsasag"), WORD("llc"), false},
    {WORD("zartkoruen mukodo reszvenytarsasag"), WORD("jsc"), false},
    {WORD("nyilvanosan mukodo reszvenytarsasag"), WORD("jsc"), false},
    {WORD("societate pe actiuni"), WORD("jsc"), true},
    {WORD("uzdaroji akcine bendrove"), WORD("llc"), true},
    {WORD("cong ty tnhh"), WORD("llc"), true},
    {WORD("gufen youxian gongsi"), WORD("jsc"), false},
    {WORD("youxian zeren gongsi"), WORD("llc"), false},
    {WORD("adkrytae akcyyanernae tavarystva"), WORD("jsc"), true},
    {WORD("adkrytae aktsyyanernaye tavarystva"), WORD("jsc"), true},
    {WORD("adkrytaye aktsyyanernaye tavarystva"), WORD("jsc"), true},
    {WORD("atviroji akcine bendrove"), WORD("jsc"), true},
    {WORD("ednolichno aktsionerno druzhestvo"), WORD("jsc"), true},
    {WORD("federal state institution"), WORD("soe"), true},
    {WORD("foreign unitary enterprise"), WORD("soe"), true},
    {WORD("free zone entity"), WORD("fz"), true},
    {WORD("free zone llc"), WORD("fz"), true},
    {WORD("gosudarstvennoe unitarnoe predpriyatie"), WORD("soe"), true},
    {WORD("javna delniska druzba"), WORD("jsc"), true},
    {WORD("javno dionicko drustvo"), WORD("jsc"), true},
    {WORD("limited by guarantee"), WORD("llc"), true},
    {WORD("limited by shares"), WORD("llc"), true},
    {WORD("limited liability corporation"), WORD("llc"), true},
    {WORD("masuliyati cheklangan jamiyat"), WORD("llc"), true},
    {WORD("mit beschrankter haftung"), WORD("llc"), true},
    {WORD("municipal unitary enterprise"), WORD("soe"), true},
    {WORD("nepublichnoe aktsionernoe obshchestvo"), WORD("jsc"), true},
    {WORD("obshchestvo ogranichennoy otvetstvennostyu"), WORD("llc"), true},
    {WORD("otkrytoe akcionernoe obshchestvo"), WORD("jsc"), true},
    {WORD("otwarta spolka akcyjna"), WORD("jsc"), true},
    {WORD("private unitary enterprise"), WORD("soe"), true},
    {WORD("proprietary limited company"), WORD("llc"), true},
    {WORD("public stock company"), WORD("jsc"), true},
    {WORD("publichnoe akcionernoe obshchestvo"), WORD("jsc"), true},
    {WORD("republican unitary enterprise"), WORD("soe"), true},
    {WORD("sharikat al mossahamah"), WORD("jsc"), true},
    {WORD("sociedad limitada laboral"), WORD("llc"), true},
    {WORD("sociedad por acciones"), WORD("jsc"), true},
    {WORD("sociedade por acoes"), WORD("jsc"), true},
    {WORD("societatea pe actiuni"), WORD("jsc"), true},
    {WORD("societe par actions"), WORD("jsc"), true},
    {WORD("state owned enterprise"), WORD("soe"), true},
    {WORD("state unitary enterprise"), WORD("soe"), true},
    {WORD("vennootschap op aandelen"), WORD("jsc"), true},
    {WORD("verejna akciova spolecnost"), WORD("jsc"), true},
    {WORD("verejna akciova spolocnost"), WORD("jsc"), true},
    {WORD("vidkryte aktsionerne tovarystvo"), WORD("jsc"), true},
    {WORD("viesoji akcine bendrove"), WORD("jsc"), true},
    {WORD("with limited liability"), WORD("llc"), true},
    {WORD("zakrytae akcyyanernae tavarystva"), WORD("jsc"), true},
    {WORD("zakrytae aktsyyanernaye tavarystva"), WORD("jsc"), true},
    {WORD("zakrytaye aktsyyanernaye tavarystva"), WORD("jsc"), true},
    {WORD("zakryte aktsionerne tovarystvo"), WORD("jsc"), true},
    {WORD("zakrytoe akcionernoe obshchestvo"), WORD("jsc"), true},
    {WORD("limited liab company"), WORD("llc"), true},
    {WORD("joint stock"), WORD("jsc"), true},
    {WORD("limited liability"), WORD("llc"), true},
    {WORD("liability company"), WORD("llc"), false},
    {WORD("limited partnership"), WORD("lp"), true},
    {WORD("general partnership"), WORD("lp"), false},
    {WORD("freezone company"), WORD("fz"), false},
    {WORD("sociedad anonima"), WORD("jsc"), true},
    {WORD("sociedad limitada"), WORD("llc"), true},
    {WORD("compania anonima"), WORD("ca"), true},
    {WORD("compania limitada"), WORD("llc"), true},
    {WORD("sociedade anonima"), WORD("jsc"), true},
    {WORD("sociedade limitada"), WORD("llc"), true},
    {WORD("societe anonyme"), WORD("jsc"), true},
    {WORD("gesellschaft mbh"), WORD("llc"), false},
    {WORD("besloten vennootschap"), WORD("llc"), true},
    {WORD("naamloze vennootschap"), WORD("jsc"), true},
    {WORD("aktsionernoe obshchestvo"), WORD("jsc"), true},
    {WORD("aktsionernoye obshchestvo"), WORD("jsc"), true},
    {WORD("aktsionerne tovarystvo"), WORD("jsc"), true},
    {WORD("spolka akcyjna"), WORD("jsc"), true},
    {WORD("sp zoo"), WORD("llc"), false},
    {WORD("akciova spolecnost"), WORD("jsc"), false},
    {WORD("akciova spolocnost"), WORD("jsc"), false},
    {WORD("spol sro"), WORD("llc"), false},
    {WORD("beteti tarsasag"), WORD("lp"), false},
    {WORD("aktsionerno druzhestvo"), WORD("jsc"), true},
    {WORD("akcionarsko drustvo"), WORD("jsc"), true},
    {WORD("dionicko drustvo"), WORD("jsc"), false},
    {WORD("anonim sirketi"), WORD("jsc"), false},
    {WORD("anonim sirket"), WORD("jsc"), false},
    {WORD("akcine bendrove"), WORD("jsc"), true},
    {WORD("akciju sabiedriba"), WORD("jsc"), true},
    {WORD("perseroan terbatas"), WORD("jsc"), true},
    {WORD("sendirian berhad"), WORD("llc"), false},
    {WORD("youxian gongsi"), WORD("llc"), false},
    {WORD("kabushiki kaisha"), WORD("jsc"), true},
    {WORD("kabushiki gaisha"), WORD("jsc"), true},
    {WORD("and company"), WORD("co"), false},
    {WORD("and co"), WORD("co"), false},
    {WORD("und co"), WORD("co"), false},
    {WORD("et cie"), WORD("co"), false},
    {WORD("y cia"), WORD("co"), false},
    {WORD("e cia"), WORD("co"), false},
    {WORD("ve tic"), WORD("tic"), false},
    {WORD("ve ticaret"), WORD("tic"), false},
    {WORD("akcionernoe obshchestvo"), WORD("jsc"), true},
    {WORD("aksiyadorlik jamiyati"), WORD("jsc"), true},
    {WORD("aktien gesellschaft"), WORD("jsc"), true},
    {WORD("anonim ortakligi"), WORD("jsc"), true},
    {WORD("avatud aktsiaselts"), WORD("jsc"), true},
    {WORD("besloten aandelenvennootschap"), WORD("jsc"), true},
    {WORD("closed jsc"), WORD("jsc"), true},
    {WORD("commanditaire vennootschap"), WORD("lp"), true},
    {WORD("delniska druzba"), WORD("jsc"), true},
    {WORD("dmcc company"), WORD("fz"), true},
    {WORD("dmcc llc"), WORD("fz"), true},
    {WORD("fz company"), WORD("fz"), true},
    {WORD("fz establishment"), WORD("fz"), true},
    {WORD("fz llc"), WORD("fz"), true},
    {WORD("geschlossene aktiengesellschaft"), WORD("jsc"), true},
    {WORD("jointstock company"), WORD("jsc"), true},
    {WORD("julkinen osakeyhtio"), WORD("jsc"), true},
    {WORD("komanditni spolecnost"), WORD("lp"), true},
    {WORD("komanditno drustvo"), WORD("lp"), true},
    {WORD("limited company"), WORD("llc"), true},
    {WORD("limited sirket"), WORD("llc"), true},
    {WORD("limited sirketi"), WORD("llc"), true},
    {WORD("offene aktiengesellschaft"), WORD("jsc"), true},
    {WORD("offene handelsgesellschaft"), WORD("lp"), true},
    {WORD("open jsc"), WORD("jsc"), true},
    {WORD("openbare aandelenvennootschap"), WORD("jsc"), true},
    {WORD("openbare vennootschap"), WORD("jsc"), true},
    {WORD("private limited"), WORD("llc"), true},
    {WORD("proprietary limited"), WORD("llc"), true},
    {WORD("public jsc"), WORD("jsc"), true},
    {WORD("publikt aktiebolag"), WORD("jsc"), true},
    {WORD("sherkat sahami"), WORD("jsc"), true},
    {WORD("shoqeri aksionere"), WORD("jsc"), true},
    {WORD("shoqeri anonime"), WORD("jsc"), true},
    {WORD("societa anonima"), WORD("jsc"), true},
    {WORD("societas europaea"), WORD("jsc"), true},
    {WORD("societate anonima"), WORD("jsc"), true},
    {WORD("unitarnoe predpriyatie"), WORD("soe"), true},
    {WORD("unitary enterprise"), WORD("soe"), true},
    {WORD("unternehmergesellschaft haftungsbeschrankt"), WORD("llc"), true},
    {WORD("public limited"), WORD("jsc"), true},
};
const size_t tw_name_phrase_count = sizeof(tw_name_phrases) / sizeof(tw_name_phrases[0]);

static const struct {
	struct tw_slice word, means;
} shortened[] = {{WORD("co"), WORD("company")},  {WORD("ltd"), WORD("limited")},      {WORD("lmtd"), WORD("limited")},
                 {WORD("lt"), WORD("limited")},  {WORD("comp"), WORD("company")},     {WORD("cmpny"), WORD("company")},
                 {WORD("coy"), WORD("company")}, {WORD("corp"), WORD("corporation")}, {WORD("jnt"), WORD("joint")},
                 {WORD("jt"), WORD("joint")},    {WORD("liab"), WORD("liability")},   {WORD("pty"), WORD("proprietary")},
                 {WORD("pub"), WORD("public")},  {WORD("pvt"), WORD("private")},      {WORD("stk"), WORD("stock")}};

/* Phrases by their last word, or their first: numbers of phrases, the longer before the shorter. */
struct group {
	struct tw_slice word;
	uint32_t count;
	uint8_t phrase[GROUP_MAX];
};

struct groups {
	struct group slot[GROUP_SLOTS];
};

static struct tw_word_table form_table = TW_WORD_TABLE(forms);
static struct groups ending, leading, within; /* `within`: every word of a phrase that is long enough to be told */
static pthread_once_t opened = PTHREAD_ONCE_INIT;

/* @return the word's group, or the empty one that is to be its */
static struct group *group_of(struct groups *groups, struct tw_slice word)
{
	uint32_t at = (uint32_t)tw_hash64(word.ptr, word.len, 0) % GROUP_SLOTS;
	while (groups->slot[at].count && !tw_slice_equal(groups->slot[at].word, word)) {
		at = (at + 1) % GROUP_SLOTS;
	}
	return &groups->slot[at];
}

static void group_add(struct groups *groups, struct tw_slice word, uint32_t phrase)
{
	struct group *group = group_of(groups, word);
	assert(group->count < GROUP_MAX);
	group->word = word;
	group->phrase[group->count++] = (uint8_t)phrase;
}

static void group_word(struct groups *groups, struct tw_slice word, uint32_t phrase)
{
	group_add(groups, word, phrase);
	for (size_t i = 0; i < sizeof(shortened) / sizeof(shortened[0]); i++) {
		if (tw_slice_equal(word, shortened[i].means)) {
			group_add(groups, shortened[i].word, phrase);
		}
	}
}

static void open_tables(void)
{
	tw_word_table_open(&form_table);
	for (uint32_t i = 0; i < tw_name_phrase_count; i++) {
		struct tw_slice words = tw_name_phrases[i].words, first = words, last = words;
		const char *blank = memchr(words.ptr, ' ', words.len);
		first.len = (uint32_t)(blank - words.ptr);
		while (memchr(last.ptr, ' ', last.len)) {
			last.ptr++;
			last.len--;
		}
		group_word(&ending, last, i);
		for (struct tw_slice rest = words, word; rest.len;) {
			word = tw_name_next_word(&rest);
			if (word.len >= TOLD_LETTERS_MIN && !group_of(&within, word)->count) {
				group_add(&within, word, i);
			}
		}
		if (tw_name_phrases[i].leads) {
			group_word(&leading, first, i);
		}
	}
}

static const struct form *find(struct tw_slice word)
{
	pthread_once(&opened, open_tables);
	return tw_word_find(&form_table, word);
}

const uint8_t *tw_name_phrases_ending(struct tw_slice word, uint32_t *count)
{
	pthread_once(&opened, open_tables);
	const struct group *group = group_of(&ending, word);
	*count = group->count;
	return group->phrase;
}

const uint8_t *tw_name_phrases_leading(struct tw_slice word, uint32_t *count)
{
	pthread_once(&opened, open_tables);
	const struct group *group = group_of(&leading, word);
	*count = group->count;
	return group->phrase;
}

uint32_t tw_name_form_uses(struct tw_slice word)
{
	const struct form *form = find(word);
	return form ? form->uses : 0;
}

struct tw_slice tw_name_form_kind(struct tw_slice word)
{
	const struct form *form = find(word);
	return form ? form->kind : word;
}

/* Source: Damerau, CACM 7 (1964): four of five misspellings are one such slip. */
bool tw_name_is_nearly(struct tw_slice word, struct tw_slice known)
{
	uint32_t head = 0, left = word.len, right = known.len;
	if (left > right + 1 || right > left + 1) {
		return false;
	}
	while (head < left && head < right && word.ptr[head] == known.ptr[head]) {
		head++;
	}
	while (left > head && right > head && word.ptr[left - 1] == known.ptr[right - 1]) {
		left--;
		right--;
	}
	const char *a = word.ptr + head, *b = known.ptr + head;
	bool swapped = left - head == 2 && right - head == 2 && a[0] == b[1] && a[1] == b[0];
	return swapped || (left - head <= 1 && right - head <= 1);
}

static struct tw_slice from_letter(struct tw_slice word, uint32_t at)
{
	at = at < word.len ? at : word.len;
	return (struct tw_slice){word.ptr + at, word.len - at};
}

/* One slip mended where the two part first, the rest is nearly the same. */
bool tw_name_is_doubtfully(struct tw_slice word, struct tw_slice known)
{
	uint32_t head = 0;
	if (known.len < DOUBT_LETTERS_MIN || tw_name_is_nearly(word, known)) {
		return known.len >= DOUBT_LETTERS_MIN - 1 && tw_name_is_nearly(word, known);
	}
	while (head < word.len && head < known.len && word.ptr[head] == known.ptr[head]) {
		head++;
	}
	word = from_letter(word, head);
	known = from_letter(known, head);
	bool swapped = word.len > 1 && known.len > 1 && word.ptr[0] == known.ptr[1] && word.ptr[1] == known.ptr[0];
	return tw_name_is_nearly(from_letter(word, 1), known) || tw_name_is_nearly(word, from_letter(known, 1)) ||
	       tw_name_is_nearly(from_letter(word, 1), from_letter(known, 1)) ||
	       (swapped && tw_name_is_nearly(from_letter(word, 2), from_letter(known, 2)));
}

static const struct tw_slice long_words[] = {WORD("company"),          WORD("corporation"), WORD("establishment"), WORD("incorporated"),
                                             WORD("liability"),        WORD("limited"),     WORD("obshchestvo"),   WORD("obschestvo"),
                                             WORD("otvetstvennostyu"), WORD("partnership")};
#define LONG_WORDS (sizeof(long_words) / sizeof(long_words[0]))

struct tw_slice tw_name_form_mended(struct tw_slice word)
{
	for (size_t i = 0; word.len >= SLIP_LETTERS_MIN - 1 && i < LONG_WORDS; i++) {
		if (tw_name_is_nearly(word, long_words[i])) {
			return long_words[i];
		}
	}
	return word;
}

struct tw_slice tw_name_form_torn(struct tw_slice head, struct tw_slice tail)
{
	for (size_t i = 0; head.len && i < LONG_WORDS; i++) {
		struct tw_slice known = long_words[i];
		if (head.len + tail.len == known.len && memcmp(head.ptr, known.ptr, head.len) == 0 &&
		    memcmp(tail.ptr, known.ptr + head.len, tail.len) == 0) {
			return known;
		}
	}
	return (struct tw_slice){"", 0};
}

bool tw_name_is_form_word(struct tw_slice word)
{
	return (tw_name_form_uses(word) & TW_FORM_LAST) || group_of(&within, word)->count;
}

bool tw_name_form_same(struct tw_slice word, struct tw_slice known)
{
	for (size_t i = 0; i < sizeof(shortened) / sizeof(shortened[0]); i++) {
		if (tw_slice_equal(word, shortened[i].word) && tw_slice_equal(known, shortened[i].means)) {
			return true;
		}
	}
	return tw_slice_equal(word, known) || (known.len >= SLIP_LETTERS_MIN && tw_name_is_nearly(word, known));
}
