namespace HvBindgen.Uapi.Output;

/// <summary>A file to be compiled with the project. Equal where its name and text are, so that an equal one is not added again.</summary>
/// <param name="HintName">Its name, unique whatever the case.</param>
/// <param name="Text">Its text.</param>
internal sealed record EmittedSource(string HintName, string Text);
