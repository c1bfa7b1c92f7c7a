BEGIN TRANSACTION;
CREATE TABLE alembic_version_core (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_core_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version_core" VALUES('0001');
CREATE TABLE api_tokens (
	id INTEGER NOT NULL, 
	secret_hash BLOB NOT NULL, 
	user_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	expires_at TEXT, 
	used_at TEXT, 
	revoked_at TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(user_id) REFERENCES users (id), 
	UNIQUE (secret_hash)
);
INSERT INTO "api_tokens" VALUES(1,X'0AB2FC8D37F86AF1DB7C39585C4E6440E5AE2980798C9BBA12A0D8DFCF61142A',2,'script','read','2026-11-23T13:28:50.906Z',NULL,NULL,NULL);
CREATE TABLE app_settings (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by INTEGER, 
	PRIMARY KEY ("key")
);
CREATE TABLE changes (
	id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	entity TEXT NOT NULL, 
	table_id INTEGER NOT NULL, 
	entity_id INTEGER NOT NULL, 
	op TEXT NOT NULL, 
	"before" TEXT, 
	"after" TEXT, 
	at TEXT NOT NULL, 
	actor_id INTEGER, 
	source TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	hash BLOB NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "changes" VALUES(1,1,'field',1,16,'update','{"options":"{\"choices\": [], \"next\": 1}"}','{"options":"{\"choices\": [{\"number\": 1, \"name\": \"core\", \"color\": \"blue\"}, {\"number\": 2, \"name\": \"Zweit\", \"color\": \"cyan\"}], \"next\": 3}"}','2026-11-23T13:28:50.911Z',1,'api','',X'272AE15ACCEEF2A5BC917CDDAA7EF974224F174EA87D1F246C23F8E1BE5295F9');
INSERT INTO "changes" VALUES(2,1,'record',1,1,'create',NULL,'{"1":"Aurora Pension","3":8,"6":500000000,"8":0.9,"9":"2026-03-01","5":1,"17":"Zürich","16":"|1|2|"}','2026-11-23T13:28:50.911Z',1,'api','',X'6B51F7F0B8B3131ABD36AC7D47343F053ADE3D74D6C7C33511045B8716365B86');
INSERT INTO "changes" VALUES(3,1,'record',1,2,'create',NULL,'{"1":"Bärenreiter KG","3":4,"6":25000050,"8":0.2,"9":"2026-02-28","5":1,"17":"Zürich","16":"|1|2|"}','2026-11-23T13:28:50.911Z',1,'api','',X'6D9F7C751D498D80F5786565ABA174F9FB51F964C6B2E788B57E6BE2BB337B67');
INSERT INTO "changes" VALUES(4,1,'record',1,3,'create',NULL,'{"1":"Cedar Ltd","3":9,"5":1,"17":"Zürich","16":"|1|2|"}','2026-11-23T13:28:50.911Z',1,'api','',X'EA665330180939C49803E0C31BAE83613A10B5CDDE70AECD51312ACB7C0719BF');
INSERT INTO "changes" VALUES(5,2,'record',3,1,'create',NULL,'{"33":"Fund I","36":5000000000,"34":2}','2026-11-23T13:28:50.921Z',1,'api','',X'C4BAFA0A83A1B094DA9879D17B65FE06A23D117BC820D47CBC280B8387E626D1');
INSERT INTO "changes" VALUES(6,3,'record',4,1,'create',NULL,'{"42":"Aurora → Fund I","43":[1],"44":[1],"46":500000000,"45":7}','2026-11-23T13:28:50.924Z',1,'api','',X'1757150D6FA863BDB61AFDD7611262B6E13D32B07926473A9391C12A361E6817');
INSERT INTO "changes" VALUES(7,4,'record',2,1,'create',NULL,'{"25":"Eve","26":[1],"28":"eve@aurora.example"}','2026-11-23T13:28:50.940Z',1,'api','',X'27414BBD8445551AFF8B931611F26819A944382096E94CB1EC2DB11B4BD8B80D');
INSERT INTO "changes" VALUES(8,5,'field',1,53,'create',NULL,'{"name":"Region","kind":"single_select","options":"{\"choices\": [{\"number\": 1, \"name\": \"North\", \"color\": \"blue\"}], \"next\": 2}","description":"","column_name":"f_53","position":25.0,"archived_at":null}','2026-11-23T13:28:50.945Z',1,'api','',X'3B9387BCB6A28A5FE606051736F9EEEE0BDDB160F5550CCBBF474D953AA7AAE4');
INSERT INTO "changes" VALUES(9,6,'field',1,54,'create',NULL,'{"name":"Peers","kind":"link","options":"{\"table\": 1, \"many\": true, \"inverse\": null, \"inverse_of\": null}","description":"","column_name":null,"position":26.0,"archived_at":null}','2026-11-23T13:28:50.951Z',1,'api','',X'FA0E5E56ADF1561AAFA1B010D0BDC91A1BB68689CDE6388DA5F6EBC4F660DA0D');
INSERT INTO "changes" VALUES(10,6,'field',1,55,'create',NULL,'{"name":"Investors","kind":"link","options":"{\"table\": 1, \"many\": true, \"inverse\": null, \"inverse_of\": 54}","description":"","column_name":null,"position":27.0,"archived_at":null}','2026-11-23T13:28:50.951Z',1,'api','',X'13C285C32727D569D5EBDD14EFB1EAADD2674B8F63C16011B6CD9DA530AA2FCB');
INSERT INTO "changes" VALUES(11,6,'field',1,54,'update','{"options":"{\"table\": 1, \"many\": true, \"inverse\": null, \"inverse_of\": null}"}','{"options":"{\"table\": 1, \"many\": true, \"inverse\": 55, \"inverse_of\": null}"}','2026-11-23T13:28:50.951Z',1,'api','',X'0276367CDA5022C5A8E611726B3A8FB2F0575DC96797F6801757BE22FBC3C246');
INSERT INTO "changes" VALUES(12,7,'record',1,1,'update','{"53":null,"54":null,"21":null}','{"53":1,"54":[2,3],"21":"Likes *tennis*.\n\n日本"}','2026-11-23T13:28:50.955Z',1,'api','',X'2A37F56080D24567B435D0A03E7386D11338C66E50CDE1136B41D62B37D8AB11');
INSERT INTO "changes" VALUES(13,8,'record',1,3,'delete',NULL,NULL,'2026-11-23T13:28:50.968Z',1,'api','',X'3A05D0CEF8427D61DF0AD522DA279239549183AEB0E194B594B838D5A9960E83');
INSERT INTO "changes" VALUES(14,9,'record',1,2,'update','{"1":"Bärenreiter KG"}','{"1":"Wrong"}','2026-11-23T13:28:50.972Z',1,'api','',X'0F736FF44A1A6C47578EA5308F5A0AB353F5602A19D1FDFDCC6A450ECAA4D74A');
INSERT INTO "changes" VALUES(15,10,'record',1,2,'update','{"1":"Wrong"}','{"1":"Bärenreiter KG"}','2026-11-23T13:28:50.979Z',1,'undo:9','',X'617719EE66FE9F54D7B41E00336E205A3356916D137D8AC84573D84D1C1C755E');
CREATE TABLE events (
	id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	actor_id INTEGER, 
	version INTEGER, 
	subject TEXT NOT NULL, 
	data TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "events" VALUES(1,'2026-11-23T13:28:50.054Z','user.created',NULL,NULL,'usrqOzRDMiO3wZxMK','{"role":"admin"}');
INSERT INTO "events" VALUES(2,'2026-11-23T13:28:50.902Z','user.created',NULL,NULL,'usrR6E55a6DwAcD2b','{"role":"member"}');
INSERT INTO "events" VALUES(3,'2026-11-23T13:28:50.908Z','token.created',2,NULL,'tokqOzRDMiO3wZxMK','{"name":"script","scope":"read"}');
INSERT INTO "events" VALUES(4,'2026-11-23T13:28:50.911Z','records.changed',1,1,'','{"source":"api","reason":"","counts":[["field",1,"update",1],["record",1,"create",3]]}');
INSERT INTO "events" VALUES(5,'2026-11-23T13:28:50.921Z','records.changed',1,2,'','{"source":"api","reason":"","counts":[["record",3,"create",1]]}');
INSERT INTO "events" VALUES(6,'2026-11-23T13:28:50.924Z','records.changed',1,3,'','{"source":"api","reason":"","counts":[["record",4,"create",1]]}');
INSERT INTO "events" VALUES(7,'2026-11-23T13:28:50.940Z','records.changed',1,4,'','{"source":"api","reason":"","counts":[["record",2,"create",1]]}');
INSERT INTO "events" VALUES(8,'2026-11-23T13:28:50.945Z','records.changed',1,5,'','{"source":"api","reason":"","counts":[["field",1,"create",1]]}');
INSERT INTO "events" VALUES(9,'2026-11-23T13:28:50.951Z','records.changed',1,6,'','{"source":"api","reason":"","counts":[["field",1,"create",2],["field",1,"update",1]]}');
INSERT INTO "events" VALUES(10,'2026-11-23T13:28:50.955Z','records.changed',1,7,'','{"source":"api","reason":"","counts":[["record",1,"update",1]]}');
INSERT INTO "events" VALUES(11,'2026-11-23T13:28:50.968Z','records.changed',1,8,'','{"source":"api","reason":"","counts":[["record",1,"delete",1]]}');
INSERT INTO "events" VALUES(12,'2026-11-23T13:28:50.972Z','records.changed',1,9,'','{"source":"api","reason":"","counts":[["record",1,"update",1]]}');
INSERT INTO "events" VALUES(13,'2026-11-23T13:28:50.979Z','records.changed',1,10,'','{"source":"undo:9","reason":"","counts":[["record",1,"update",1]]}');
CREATE TABLE fields (
	id INTEGER NOT NULL, 
	table_id INTEGER NOT NULL, 
	"key" TEXT, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	description TEXT NOT NULL, 
	options TEXT NOT NULL, 
	column_name TEXT, 
	position FLOAT NOT NULL, 
	is_primary BOOLEAN NOT NULL, 
	created_at TEXT NOT NULL, 
	archived_at TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(table_id) REFERENCES grid_tables (id)
);
INSERT INTO "fields" VALUES(1,1,'name','Name','text','','{}','name',1.0,1,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(2,1,'type','Type','single_select','','{"choices": [{"number": 1, "name": "Angel", "color": "blue"}, {"number": 2, "name": "VC", "color": "purple"}, {"number": 3, "name": "Family office", "color": "teal"}, {"number": 4, "name": "Fund of funds", "color": "green"}, {"number": 5, "name": "Pension fund", "color": "yellow"}, {"number": 6, "name": "Endowment", "color": "orange"}, {"number": 7, "name": "Corporate", "color": "red"}, {"number": 8, "name": "Bank", "color": "pink"}, {"number": 9, "name": "Insurance", "color": "cyan"}, {"number": 10, "name": "Public institution", "color": "gray"}], "next": 11}','type',2.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(3,1,'stage','Stage','single_select','','{"choices": [{"number": 1, "name": "Not contacted", "color": "gray"}, {"number": 2, "name": "Researching", "color": "blue"}, {"number": 3, "name": "Intro requested", "color": "cyan"}, {"number": 4, "name": "First call", "color": "teal"}, {"number": 5, "name": "Second meeting", "color": "yellow"}, {"number": 6, "name": "Due diligence", "color": "orange"}, {"number": 7, "name": "Term sheet", "color": "purple"}, {"number": 8, "name": "Committed", "color": "green"}, {"number": 9, "name": "Passed", "color": "red"}], "next": 10}','stage',3.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(4,1,'list','List','single_select','','{"choices": [{"number": 1, "name": "main", "color": "blue"}, {"number": 2, "name": "follow_up", "color": "yellow"}, {"number": 3, "name": "graveyard", "color": "gray"}, {"number": 4, "name": "longshot", "color": "purple"}], "next": 5}','list',4.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(5,1,'owner','Owner','user','','{}','owner',5.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(6,1,'check_size','Check size','currency','','{"code": "EUR", "precision": 2}','check_size',6.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(7,1,'committed','Committed','currency','','{"code": "EUR", "precision": 2}','committed',7.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(8,1,'probability','Probability','percent','','{"precision": 0}','probability',8.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(9,1,'last_contact','Last contact','date','','{"format": "iso"}','last_contact',9.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(10,1,'next_step','Next step','text','','{}','next_step',10.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(11,1,'contacts','Contacts','link','','{"table": 2, "many": true, "inverse": null, "inverse_of": 26}',NULL,11.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(12,1,'commitments','Commitments','link','','{"table": 4, "many": true, "inverse": null, "inverse_of": 43}',NULL,12.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(13,1,'email','Email','email','','{}','email',13.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(14,1,'phone','Phone','phone','','{}','phone',14.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(15,1,'website','Website','url','','{}','website',15.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(16,1,'tags','Tags','multi_select','','{"choices": [{"number": 1, "name": "core", "color": "blue"}, {"number": 2, "name": "Zweit", "color": "cyan"}], "next": 3}','tags',16.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(17,1,'city','City','text','','{}','city',17.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(18,1,'country','Country','text','','{}','country',18.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(19,1,'score','Score','number','','{"precision": 1, "thousands": false}','score',19.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(20,1,'priority','Priority','rating','','{"max": 5}','priority',20.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(21,1,'notes','Notes','long_text','','{}','notes',21.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(22,1,'created','Created','created_time','','{"format": "iso", "clock": "24h", "zone": null}',NULL,22.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(23,1,'modified','Last modified','modified_time','','{"format": "iso", "clock": "24h", "zone": null}',NULL,23.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(24,1,'modified_by','Last modified by','modified_by','','{}',NULL,24.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(25,2,'name','Name','text','','{}','name',1.0,1,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(26,2,'investor','Investor','link','','{"table": 1, "many": false, "inverse": 11, "inverse_of": null}','investor',2.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(27,2,'title','Title','text','','{}','title',3.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(28,2,'email','Email','email','','{}','email',4.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(29,2,'phone','Phone','phone','','{}','phone',5.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(30,2,'linkedin','LinkedIn','url','','{}','linkedin',6.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(31,2,'last_contact','Last contact','date','','{"format": "iso"}','last_contact',7.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(32,2,'notes','Notes','long_text','','{}','notes',8.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(33,3,'name','Name','text','','{}','name',1.0,1,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(34,3,'status','Status','single_select','','{"choices": [{"number": 1, "name": "Planning", "color": "gray"}, {"number": 2, "name": "Raising", "color": "blue"}, {"number": 3, "name": "Closed", "color": "green"}], "next": 4}','status',2.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(35,3,'vintage','Vintage','number','','{"precision": 0, "thousands": false}','vintage',3.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(36,3,'target','Target','currency','','{"code": "EUR", "precision": 2}','target',4.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(37,3,'hard_cap','Hard cap','currency','','{"code": "EUR", "precision": 2}','hard_cap',5.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(38,3,'first_close','First close','date','','{"format": "iso"}','first_close',6.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(39,3,'final_close','Final close','date','','{"format": "iso"}','final_close',7.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(40,3,'commitments','Commitments','link','','{"table": 4, "many": true, "inverse": null, "inverse_of": 44}',NULL,8.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(41,3,'notes','Notes','long_text','','{}','notes',9.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(42,4,'name','Name','text','','{}','name',1.0,1,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(43,4,'investor','Investor','link','','{"table": 1, "many": false, "inverse": 12, "inverse_of": null}','investor',2.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(44,4,'fund','Fund','link','','{"table": 3, "many": false, "inverse": 40, "inverse_of": null}','fund',3.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(45,4,'status','Status','single_select','','{"choices": [{"number": 1, "name": "prospect", "color": "gray"}, {"number": 2, "name": "contacted", "color": "blue"}, {"number": 3, "name": "meeting", "color": "cyan"}, {"number": 4, "name": "diligence", "color": "orange"}, {"number": 5, "name": "soft_circled", "color": "yellow"}, {"number": 6, "name": "committed", "color": "teal"}, {"number": 7, "name": "signed", "color": "green"}, {"number": 8, "name": "funded", "color": "green"}, {"number": 9, "name": "passed", "color": "red"}], "next": 10}','status',4.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(46,4,'amount','Amount','currency','','{"code": "EUR", "precision": 2}','amount',5.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(47,4,'probability','Probability','percent','','{"precision": 0}','probability',6.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(48,4,'closing','Closing','single_select','','{"choices": [{"number": 1, "name": "First close", "color": "blue"}, {"number": 2, "name": "Second close", "color": "cyan"}, {"number": 3, "name": "Final close", "color": "teal"}], "next": 4}','closing',7.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(49,4,'soft_circled_on','Soft circled on','date','','{"format": "iso"}','soft_circled_on',8.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(50,4,'signed_on','Signed on','date','','{"format": "iso"}','signed_on',9.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(51,4,'funded_on','Funded on','date','','{"format": "iso"}','funded_on',10.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(52,4,'notes','Notes','long_text','','{}','notes',11.0,0,'2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fields" VALUES(53,1,NULL,'Region','single_select','','{"choices": [{"number": 1, "name": "North", "color": "blue"}], "next": 2}','f_53',25.0,0,'2026-11-23T13:28:50.945Z',NULL);
INSERT INTO "fields" VALUES(54,1,NULL,'Peers','link','','{"table": 1, "many": true, "inverse": 55, "inverse_of": null}',NULL,26.0,0,'2026-11-23T13:28:50.951Z',NULL);
INSERT INTO "fields" VALUES(55,1,NULL,'Investors','link','','{"table": 1, "many": true, "inverse": null, "inverse_of": 54}',NULL,27.0,0,'2026-11-23T13:28:50.951Z',NULL);
CREATE TABLE fundraising_commitments (
	id INTEGER NOT NULL, 
	position FLOAT NOT NULL, 
	version INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by INTEGER, 
	updated_at TEXT NOT NULL, 
	updated_by INTEGER, 
	deleted_at TEXT, 
	name TEXT, 
	investor INTEGER, 
	fund INTEGER, 
	status INTEGER, 
	amount BIGINT, 
	probability FLOAT, 
	closing INTEGER, 
	soft_circled_on TEXT, 
	signed_on TEXT, 
	funded_on TEXT, 
	notes TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(fund) REFERENCES fundraising_funds (id), 
	FOREIGN KEY(investor) REFERENCES fundraising_investors (id)
);
INSERT INTO "fundraising_commitments" VALUES(1,1.0,3,'2026-11-23T13:28:50.924Z',1,'2026-11-23T13:28:50.924Z',1,NULL,'Aurora → Fund I',1,1,7,500000000,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE fundraising_contacts (
	id INTEGER NOT NULL, 
	position FLOAT NOT NULL, 
	version INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by INTEGER, 
	updated_at TEXT NOT NULL, 
	updated_by INTEGER, 
	deleted_at TEXT, 
	name TEXT, 
	investor INTEGER, 
	title TEXT, 
	email TEXT, 
	phone TEXT, 
	linkedin TEXT, 
	last_contact TEXT, 
	notes TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(investor) REFERENCES fundraising_investors (id)
);
INSERT INTO "fundraising_contacts" VALUES(1,1.0,4,'2026-11-23T13:28:50.940Z',1,'2026-11-23T13:28:50.940Z',1,NULL,'Eve',1,NULL,'eve@aurora.example',NULL,NULL,NULL,NULL);
CREATE TABLE fundraising_funds (
	id INTEGER NOT NULL, 
	position FLOAT NOT NULL, 
	version INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by INTEGER, 
	updated_at TEXT NOT NULL, 
	updated_by INTEGER, 
	deleted_at TEXT, 
	name TEXT, 
	status INTEGER, 
	vintage FLOAT, 
	target BIGINT, 
	hard_cap BIGINT, 
	first_close TEXT, 
	final_close TEXT, 
	notes TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "fundraising_funds" VALUES(1,1.0,2,'2026-11-23T13:28:50.921Z',1,'2026-11-23T13:28:50.921Z',1,NULL,'Fund I',2,NULL,5000000000,NULL,NULL,NULL,NULL);
CREATE TABLE fundraising_investors (
	id INTEGER NOT NULL, 
	position FLOAT NOT NULL, 
	version INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by INTEGER, 
	updated_at TEXT NOT NULL, 
	updated_by INTEGER, 
	deleted_at TEXT, 
	name TEXT, 
	type INTEGER, 
	stage INTEGER, 
	list INTEGER, 
	owner INTEGER, 
	check_size BIGINT, 
	committed BIGINT, 
	probability FLOAT, 
	last_contact TEXT, 
	next_step TEXT, 
	email TEXT, 
	phone TEXT, 
	website TEXT, 
	notes TEXT, 
	tags TEXT, 
	city TEXT, 
	country TEXT, 
	score FLOAT, 
	priority INTEGER, "f_53" INTEGER, 
	PRIMARY KEY (id)
);
INSERT INTO "fundraising_investors" VALUES(1,1.0,7,'2026-11-23T13:28:50.911Z',1,'2026-11-23T13:28:50.955Z',1,NULL,'Aurora Pension',NULL,8,NULL,1,500000000,NULL,0.9,'2026-03-01',NULL,NULL,NULL,NULL,'Likes *tennis*.

日本','|1|2|','Zürich',NULL,NULL,NULL,1);
INSERT INTO "fundraising_investors" VALUES(2,2.0,10,'2026-11-23T13:28:50.911Z',1,'2026-11-23T13:28:50.979Z',1,NULL,'Bärenreiter KG',NULL,4,NULL,1,25000050,NULL,0.2,'2026-02-28',NULL,NULL,NULL,NULL,NULL,'|1|2|','Zürich',NULL,NULL,NULL,NULL);
INSERT INTO "fundraising_investors" VALUES(3,3.0,8,'2026-11-23T13:28:50.911Z',1,'2026-11-23T13:28:50.968Z',1,'2026-11-23T13:28:50.968Z','Cedar Ltd',NULL,9,NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'|1|2|','Zürich',NULL,NULL,NULL,NULL);
CREATE TABLE fundraising_state (
	id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	schema_version INTEGER NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by INTEGER, 
	extra TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "fundraising_state" VALUES(1,10,5,'2026-11-23T13:28:50.979Z',1,'{}');
CREATE TABLE fundraising_views (
	id INTEGER NOT NULL, 
	table_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	owner_id INTEGER, 
	locked BOOLEAN NOT NULL, 
	position FLOAT NOT NULL, 
	config TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	deleted_at TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(owner_id) REFERENCES users (id), 
	FOREIGN KEY(table_id) REFERENCES grid_tables (id)
);
INSERT INTO "fundraising_views" VALUES(1,1,'All','grid',NULL,0,1.0,'{}','2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fundraising_views" VALUES(2,2,'All','grid',NULL,0,2.0,'{}','2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fundraising_views" VALUES(3,3,'All','grid',NULL,0,3.0,'{}','2026-11-23T13:28:48.778Z',NULL);
INSERT INTO "fundraising_views" VALUES(4,4,'All','grid',NULL,0,4.0,'{}','2026-11-23T13:28:48.778Z',NULL);
CREATE TABLE grid_indexes (
	name TEXT NOT NULL, 
	table_id INTEGER NOT NULL, 
	columns TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	used_at TEXT NOT NULL, 
	PRIMARY KEY (name), 
	FOREIGN KEY(table_id) REFERENCES grid_tables (id)
);
CREATE TABLE grid_tables (
	id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	name TEXT NOT NULL, 
	name_one TEXT NOT NULL, 
	physical TEXT NOT NULL, 
	position FLOAT NOT NULL, 
	deleted_at TEXT, 
	PRIMARY KEY (id), 
	UNIQUE ("key"), 
	UNIQUE (physical)
);
INSERT INTO "grid_tables" VALUES(1,'investors','Investors','Investor','fundraising_investors',1.0,NULL);
INSERT INTO "grid_tables" VALUES(2,'contacts','Contacts','Contact','fundraising_contacts',2.0,NULL);
INSERT INTO "grid_tables" VALUES(3,'funds','Funds','Fund','fundraising_funds',3.0,NULL);
INSERT INTO "grid_tables" VALUES(4,'commitments','Commitments','Commitment','fundraising_commitments',4.0,NULL);
CREATE TABLE idempotency_keys (
	actor_id INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	digest BLOB NOT NULL, 
	answer TEXT NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (actor_id, "key")
);
CREATE TABLE import_runs (
	id INTEGER NOT NULL, 
	importer TEXT NOT NULL, 
	table_id INTEGER NOT NULL, 
	filename TEXT NOT NULL, 
	file_hash TEXT NOT NULL, 
	header_hash TEXT NOT NULL, 
	status TEXT NOT NULL, 
	dialect TEXT NOT NULL, 
	mapping TEXT NOT NULL, 
	key_field INTEGER, 
	counts TEXT NOT NULL, 
	version INTEGER, 
	problem TEXT, 
	created_at TEXT NOT NULL, 
	created_by INTEGER, 
	updated_at TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(table_id) REFERENCES grid_tables (id)
);
CREATE TABLE invites (
	id INTEGER NOT NULL, 
	secret_hash BLOB NOT NULL, 
	email TEXT NOT NULL, 
	role TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	created_by INTEGER, 
	expires_at TEXT NOT NULL, 
	used_at TEXT, 
	revoked_at TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (secret_hash)
);
CREATE TABLE plugin_states (
	name TEXT NOT NULL, 
	wanted BOOLEAN NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	starting BOOLEAN NOT NULL, 
	version INTEGER NOT NULL, 
	updated_at TEXT NOT NULL, 
	updated_by INTEGER, 
	PRIMARY KEY (name)
);
INSERT INTO "plugin_states" VALUES('sqlite',1,'on','',0,0,'2026-11-23T13:28:48.882Z',NULL);
INSERT INTO "plugin_states" VALUES('csv_import',1,'on','',0,0,'2026-11-23T13:28:48.897Z',NULL);
INSERT INTO "plugin_states" VALUES('formulas',1,'on','',0,0,'2026-11-23T13:28:48.981Z',NULL);
CREATE TABLE record_links (
	field_id INTEGER NOT NULL, 
	from_id INTEGER NOT NULL, 
	to_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (field_id, from_id, to_id)
);
INSERT INTO "record_links" VALUES(54,1,2,0);
INSERT INTO "record_links" VALUES(54,1,3,1);
CREATE TABLE sessions (
	id INTEGER NOT NULL, 
	secret_hash BLOB NOT NULL, 
	csrf TEXT NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	seen_at TEXT NOT NULL, 
	address TEXT NOT NULL, 
	agent TEXT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(user_id) REFERENCES users (id), 
	UNIQUE (secret_hash)
);
CREATE TABLE users (
	id INTEGER NOT NULL, 
	email TEXT NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	password_hash TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	created_at TEXT NOT NULL, 
	last_seen_at TEXT, 
	deleted_at TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (email)
);
INSERT INTO "users" VALUES(1,'ada@example.org','Ada','admin','$argon2id$v=19$m=65536,t=3,p=4$y6qC8xsCuPPiUC9mrUxF7w$WylVSjuuoZ/kw6CucihPcWcmx38JGXbTBZM8/IGMqe4',1,'2026-11-23T13:28:50.037Z',NULL,NULL);
INSERT INTO "users" VALUES(2,'bob@example.org','Bob','member','$argon2id$v=19$m=65536,t=3,p=4$luLTOttii+C9h3ynGEL3EA$/+pBse27Da6Enp51ED7RP4uGCEXQdPfaBlQS6LHfCSQ',1,'2026-11-23T13:28:50.900Z',NULL,NULL);
CREATE INDEX ix_changes_entity ON changes (entity, table_id, entity_id, version);
CREATE INDEX ix_changes_version ON changes (version);
CREATE INDEX ix_events_kind ON events (kind, id);
CREATE INDEX ix_idempotency_keys_at ON idempotency_keys (at);
CREATE INDEX ix_record_links_to ON record_links (field_id, to_id, from_id);
CREATE INDEX ix_api_tokens_user_id ON api_tokens (user_id);
CREATE INDEX ix_fields_table_id ON fields (table_id);
CREATE INDEX ix_fundraising_commitments_fund ON fundraising_commitments (fund);
CREATE INDEX ix_fundraising_commitments_investor ON fundraising_commitments (investor);
CREATE INDEX ix_fundraising_contacts_investor ON fundraising_contacts (investor);
CREATE INDEX ix_fundraising_views_table_id ON fundraising_views (table_id);
CREATE INDEX ix_import_runs_header_hash ON import_runs (header_hash);
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
CREATE INDEX gx_investors_order ON fundraising_investors (position, id) WHERE deleted_at IS NULL;
CREATE INDEX gx_contacts_order ON fundraising_contacts (position, id) WHERE deleted_at IS NULL;
CREATE INDEX gx_funds_order ON fundraising_funds (position, id) WHERE deleted_at IS NULL;
CREATE INDEX gx_commitments_order ON fundraising_commitments (position, id) WHERE deleted_at IS NULL;
COMMIT;
