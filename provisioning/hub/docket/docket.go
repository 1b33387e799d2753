// Package docket is the bureau's book of cases: every application with the stages it went through by its region's
// procedure, who did what and when, the days by which something is due, and the documents that were issued. A record is
// only ever added; what a case is follows from its records alone.
package docket
