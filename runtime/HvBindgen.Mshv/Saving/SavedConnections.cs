using HvBindgen.Mshv.Calls;
using HvBindgen.Mshv.Interrupts;

namespace HvBindgen.Mshv.Saving;

/// <summary>An event that triggered an interrupt of the saved machine.</summary>
/// <param name="Gsi">Global interrupt number.</param>
/// <param name="IsResampled">Whether another event told of the end of the interrupt.</param>
public readonly record struct SavedLine(uint Gsi, bool IsResampled);

/// <summary>A doorbell of the saved machine.</summary>
/// <param name="Gpa">Guest-physical address.</param>
/// <param name="SizeBytes">Size of the write; 0 for any.</param>
/// <param name="Value">Value of the write; null for any.</param>
public readonly record struct SavedDoorbell(ulong Gpa, int SizeBytes, ulong? Value);

/// <summary>The events of an interrupt.</summary>
/// <param name="Trigger">Triggers it.</param>
/// <param name="Resample">Is signalled at its end; null where the saved line had none.</param>
public readonly record struct LineEvents(EventHandle Trigger, EventHandle? Resample = null);

/// <summary>What the saved machine was connected to. Events belong to a process and are in no file: who restores a machine attaches its own
/// to the same places.</summary>
/// <param name="Lines">Events that triggered interrupts.</param>
/// <param name="Doorbells">Doorbells.</param>
public sealed record SavedConnections(IReadOnlyList<SavedLine> Lines, IReadOnlyList<SavedDoorbell> Doorbells)
{
    /// <summary>Attaches events of this process to all the places of the saved machine. The routes have been restored already.</summary>
    /// <param name="interrupts">Interrupts of the restored partition.</param>
    /// <param name="lineEvents">The events of an interrupt; asked once for each line.</param>
    /// <param name="doorbellEvent">The event of a doorbell; asked once for each.</param>
    /// <returns>The attachments, which the caller disposes to detach the events: interrupts first, doorbells after them, in the order of
    /// <see cref="Lines"/> and <see cref="Doorbells"/>.</returns>
    /// <exception cref="ArgumentException">A line had no resampling event and is given one, or the other way round; or the place is taken.
    /// Nothing is attached then.</exception>
    /// <exception cref="HypervisorException">The kernel refused. Nothing is attached then.</exception>
    public IReadOnlyList<IDisposable> Attach(
        PartitionInterrupts interrupts, Func<SavedLine, LineEvents> lineEvents, Func<SavedDoorbell, EventHandle> doorbellEvent)
    {
        ArgumentNullException.ThrowIfNull(interrupts);
        ArgumentNullException.ThrowIfNull(lineEvents);
        ArgumentNullException.ThrowIfNull(doorbellEvent);
        List<IDisposable> attached = [];
        try
        {
            foreach (SavedLine line in Lines)
            {
                LineEvents events = lineEvents(line);
                if (line.IsResampled != events.Resample is not null)
                {
                    throw new ArgumentException(
                        $"Interrupt {line.Gsi} had {(line.IsResampled ? "a" : "no")} resampling event when the machine was saved.",
                        nameof(lineEvents));
                }

                attached.Add(interrupts.AttachEvent(line.Gsi, events.Trigger, events.Resample));
            }

            foreach (SavedDoorbell doorbell in Doorbells)
            {
                attached.Add(interrupts.AttachDoorbell(doorbell.Gpa, doorbell.SizeBytes, doorbellEvent(doorbell), doorbell.Value));
            }

            return attached;
        }
        catch
        {
            attached.ForEach(each => each.Dispose());
            throw;
        }
    }
}
