namespace HvBindgen.Generator.Snapshots;

/// <summary>A file that should be an ABI snapshot and is not one that this tool can read.</summary>
/// <param name="message">File, place in it, what is wrong.</param>
/// <param name="inner">What the JSON reader said, if it refused.</param>
public sealed class SnapshotException(string message, Exception? inner = null) : Exception(message, inner);
