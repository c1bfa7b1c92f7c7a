/**
 * Holds types.ts against what the server says of itself: tsc fails here when a member was added, renamed or removed on
 * one side only. schema.d.ts is generated from the server's OpenAPI (`make openapi`); types.ts is what the pages use,
 * with narrower values than OpenAPI can say.
 */

import type * as around from './around'
import type * as dashboards from './dashboards'
import type * as formulas from './formulas'
import type * as merging from './merging'
import type { components } from './schema'
import type * as ours from './types'

type Wire = components['schemas']
type Same<Ours, Theirs> = [Exclude<keyof Ours, keyof Theirs>, Exclude<keyof Theirs, keyof Ours>] extends [never, never]
  ? true
  : { onlyInTypes: Exclude<keyof Ours, keyof Theirs>; onlyOnTheWire: Exclude<keyof Theirs, keyof Ours> }
type All<Checks extends true[]> = Checks

/** One line for each shape that both sides name. */
export type Contract = All<
  [
    Same<ours.Field, Wire['FieldView']>,
    Same<ours.Table, Wire['TableView']>,
    Same<ours.Tables, Wire['Catalogue']>,
    Same<ours.DeletedTable, Wire['DeletedTable']>,
    Same<ours.View, Wire['View']>,
    Same<ours.ViewConfig, Wire['ViewConfig']>,
    Same<ours.QueryRequest, Wire['Query']>,
    Same<ours.QueryAnswer, Wire['Window']>,
    Same<ours.AggregateRequest, Wire['AggregateQuery']>,
    Same<ours.AggregateAnswer, Wire['Aggregates']>,
    Same<ours.RecordAnswer, Wire['Record']>,
    Same<ours.HistoryItem, Wire['HistoryItem']>,
    Same<ours.HistoryAnswer, Wire['History']>,
    Same<ours.NewField, Wire['NewField']>,
    Same<ours.Change, Wire['ChangeView']>,
    Same<ours.TableChange, Wire['TablePatch']>,
    Same<ours.ChangeAnswer, Wire['Applied']>,
    Same<ours.ChangeRequest, Wire['Changes']>,
    Same<ours.ChangesAnswer, Wire['Missed']>,
    Same<ours.Session, Wire['Session']>,
    Same<dashboards.Pipeline, Wire['Pipeline']>,
    Same<dashboards.StageSum, Wire['Stage']>,
    Same<dashboards.Commitments, Wire['Commitments']>,
    Same<dashboards.Promised, Wire['Promised']>,
    Same<dashboards.FundTarget, Wire['FundTarget']>,
    Same<ours.TeamSettings, Wire['TeamSettings']>,
    Same<ours.User, Wire['User']>,
    Same<ours.ImportColumn, Wire['ImportColumn']>,
    Same<ours.ImportCounts, Wire['Counts']>,
    Same<ours.ImportRun, Wire['ImportView']>,
    Same<ours.ImportRow, Wire['RowView']>,
    Same<ours.ImportRows, Wire['RowsView']>,
    Same<ours.SignInSession, Wire['OwnSession']>,
    Same<ours.SecondStep, Wire['SecondStep']>,
    Same<ours.SecondFactor, Wire['SecondFactor']>,
    Same<ours.Passkey, Wire['Passkey']>,
    Same<ours.PasskeyQuestion, Wire['PasskeyQuestion']>,
    Same<ours.Account, Wire['Account']>,
    Same<ours.SecurityPolicy, Wire['SecurityPolicy']>,
    Same<ours.SecurityStatus, Wire['SecurityStatus']>,
    Same<ours.SecurityFinding, Wire['SecurityFinding']>,
    Same<ours.ApiToken, Wire['Token']>,
    Same<ours.Invite, Wire['Invite']>,
    Same<ours.RowProblem, Wire['RowProblem']>,
    Same<ours.Plugin, Wire['PluginView']>,
    Same<formulas.FormulaError, Wire['FormulaError']>,
    Same<formulas.FormulaParameter, Wire['ParameterView']>,
    Same<formulas.FormulaExample, Wire['ExampleView']>,
    Same<formulas.FormulaFunction, Wire['FunctionView']>,
    Same<formulas.CheckRequest, Wire['Draft']>,
    Same<formulas.CheckAnswer, Wire['Checked']>,
    Same<formulas.ExplainAnswer, Wire['Explained']>,
    Same<formulas.ExplainedPart, Wire['ExplainedPart']>,
    Same<formulas.DependencyNode, Wire['Step']>,
    Same<formulas.DependenciesAnswer, Wire['Dependencies']>,
    Same<around.Comment, Wire['Comment']>,
    Same<around.Comments, Wire['Comments']>,
    Same<around.Participant, Wire['Participant']>,
    Same<around.LoggedActivity, Wire['LoggedActivity']>,
    Same<around.TimelineTask, Wire['TimelineTask']>,
    Same<around.RecordChange, Wire['RecordChange']>,
    Same<around.TimelineItem, Wire['TimelineItem']>,
    Same<around.Timeline, Wire['Timeline']>,
    Same<around.Notification, Wire['Notification']>,
    Same<around.Notifications, Wire['Notifications']>,
    Same<merging.Reason, Wire['Reason']>,
    Same<merging.Candidate, Wire['Candidate']>,
    Same<merging.Suggestion, Wire['Suggestion']>,
    Same<merging.Suggestions, Wire['Suggestions']>,
    Same<merging.MergedRecord, Wire['MergedRecord']>,
    Same<merging.LinkMove, Wire['LinkMove']>,
    Same<merging.MergePreview, Wire['MergePreview']>,
    Same<merging.KeptCell, Wire['KeptCell']>,
    Same<merging.PastMerge, Wire['PastMerge']>,
    Same<merging.Unmerged, Wire['Unmerged']>,
    Same<ours.PluginCheck, Wire['PluginCheck']>,
    Same<ours.RemovedData, Wire['Removed']>,
  ]
>
