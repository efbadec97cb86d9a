namespace VisionSeqModels.Tests.Errors;

/// <summary>A row of a page in docs/errors: what happened, what the library says, what to do.</summary>
internal sealed record ErrorRow(string Page, string Id, string Cause, string Message, string Advice);
