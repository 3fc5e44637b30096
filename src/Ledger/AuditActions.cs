namespace Rotunda.Ledger;

/// <summary>
/// The stable words that the ledger itself writes into the audit (the interpreter and the API bring their own). A step's rows
/// carry <see cref="StepDetail"/> as JSON; each attempt is one <see cref="StepIntent"/> and, unless the process died, one of the others.
/// </summary>
public static class AuditActions
{
    public const string SecretAdopted = "secret.adopted";
    /// <summary>It goes on under another name; the detail says which.</summary>
    public const string SecretRenamed = "secret.renamed";

    /// <summary>It left the catalog, and a person takes care of its live credentials from now on.</summary>
    public const string SecretHandedOver = "secret.handed-over";

    /// <summary>A person said what is in use; the detail is why, and what.</summary>
    public const string SecretCorrected = "secret.corrected";
    public const string RotationPlanned = "rotation.planned";
    public const string RotationTakenOver = "rotation.taken-over";
    public const string StepIntent = "step.intent";
    public const string StepDone = "step.done";
    public const string StepAlreadyDone = "step.already-done";
    public const string StepRejected = "step.rejected";
    public const string StepRetryLater = "step.retry-later";
    public const string StepNewValueNeeded = "step.new-value-needed";
    public const string StepUnknown = "step.unknown";
    public const string StepFenced = "step.fenced";

    /// <summary>A part of the step is done, and there is more.</summary>
    public const string StepContinue = "step.continue";
    public const string CredentialMinting = "credential.minting";
    public const string CredentialIssued = "credential.issued";
    public const string CredentialMinted = "credential.minted";
    public const string CredentialPromoted = "credential.promoted";
    public const string CredentialUnpromoted = "credential.unpromoted";
    /// <summary>It stops working now, in a way that can be taken back.</summary>
    public const string CredentialDisabled = "credential.disabled";
    public const string CredentialEnabled = "credential.enabled";

    /// <summary>When it ends by itself has become known, or another time.</summary>
    public const string CredentialExpiry = "credential.expiry";
    /// <summary>A lease could not be renewed, for the first time in a row; it is tried on. The detail says why.</summary>
    public const string LeaseFailing = "lease.failing";

    /// <summary>It was renewed again after that.</summary>
    public const string LeaseRenewed = "lease.renewed";

    /// <summary>It is not renewed any more, as it has come to its maximum or its system says so; the detail says when it ends.</summary>
    public const string LeaseAtMaximum = "lease.at-maximum";

    /// <summary>It has ended, or was found to have.</summary>
    public const string LeaseEnded = "lease.ended";
    public const string CredentialRevoking = "credential.revoking";
    public const string CredentialRevoked = "credential.revoked";
    public const string CredentialHandedOver = "credential.handed-over";
    public const string CredentialOrphaned = "credential.orphaned";
    /// <summary>A person said what becomes of an orphan; the detail is why.</summary>
    public const string OrphanSettled = "orphan.settled";

    /// <summary>A person has Rotunda revoke an orphan; on record before its provider is called.</summary>
    public const string OrphanRevoking = "orphan.revoking";
    /// <summary>A person gave a value; the detail is its fingerprint.</summary>
    public const string ValueProvided = "value.provided";

    /// <summary>A code was made that lets somebody give a value, or decide, once.</summary>
    public const string CodeMade = "code.made";

    public const string CodeUsed = "code.used";

    /// <summary>A person approved or rejected; the detail says which plan, and how many have approved by then.</summary>
    public const string DecisionMade = "decision.made";

    /// <summary>A person took an approval back.</summary>
    public const string DecisionWithdrawn = "decision.withdrawn";
    /// <summary>An emergency went without approval: people are to look at it.</summary>
    public const string ReviewOpened = "review.opened";

    /// <summary>A person has looked at it; the detail says what they found.</summary>
    public const string ReviewGiven = "review.given";

    /// <summary>Enough people have.</summary>
    public const string ReviewClosed = "review.closed";
    /// <summary>A person said that scheduled rotations do not start for a while; the detail says of what, until when and why.</summary>
    public const string SchedulePaused = "schedule.paused";

    /// <summary>A person ended that before its time.</summary>
    public const string ScheduleResumed = "schedule.resumed";

    /// <summary>Many rotations for one reason; the detail says which, and how many.</summary>
    public const string CampaignStarted = "campaign.started";
    public const string CampaignPaused = "campaign.paused";
    public const string CampaignResumed = "campaign.resumed";

    /// <summary>It starts no more; what moves goes on.</summary>
    public const string CampaignStopped = "campaign.stopped";

    /// <summary>Those that failed get another attempt.</summary>
    public const string CampaignRetried = "campaign.retried";

    /// <summary>Every member has ended.</summary>
    public const string CampaignDone = "campaign.done";

    /// <summary>No rotation of a member could be started; the detail says why.</summary>
    public const string CampaignMemberRefused = "campaign.refused";
    /// <summary>A value that was found outside is one of the secret's; the detail is <see cref="LeakDetail"/> as JSON.</summary>
    public const string LeakFound = "leak.found";

    /// <summary>As <see cref="LeakFound"/>, of one that was revoked before.</summary>
    public const string LeakKnownDead = "leak.known-dead";

    /// <summary>A value was found outside that is none of those kept here. Neither it nor a hash of it is kept.</summary>
    public const string LeakUnknown = "leak.unknown";

    /// <summary>A person is asked what to do about it; the detail says why.</summary>
    public const string LeakAsked = "leak.asked";

    /// <summary>The grace period of a leaked credential ends now.</summary>
    public const string LeakEnding = "leak.ending";

    /// <summary>A leaked value works no more.</summary>
    public const string LeakDead = "leak.dead";

    /// <summary>It is looked after no longer; the detail says why.</summary>
    public const string LeakGivenUp = "leak.given-up";

    /// <summary>The alert was closed where it came from.</summary>
    public const string LeakAlertClosed = "leak.alert-closed";
    public const string TargetCaptured = "target.captured";
    public const string LedgerExported = "ledger.exported";
    public const string LedgerImported = "ledger.imported";
    /// <summary>A head begins to work with the ledger; the detail is its name.</summary>
    public const string LedgerClaimed = "ledger.claimed";
    public const string LedgerReopened = "ledger.reopened";

    /// <summary>The wall clock went otherwise than the monotonic one; the detail says how far.</summary>
    public const string ClockJumped = "clock.jumped";

    /// <summary>The clock is not believed: nothing is revoked meanwhile.</summary>
    public const string ClockDoubted = "clock.doubted";

    /// <summary>It is believed again; the detail says what agrees with it.</summary>
    public const string ClockBelieved = "clock.believed";

    /// <summary>A person says that it is right.</summary>
    public const string ClockConfirmed = "clock.confirmed";

    /// <summary>The first attempt to send a notice failed; it is tried again for a day. The detail says which channel, and why.</summary>
    public const string NoticeNotSent = "notice.not-sent";

    /// <summary>A notice could not be sent within a day.</summary>
    public const string NoticeGivenUp = "notice.given-up";

    /// <summary>The calm notices of a day went to a channel as one message. The detail begins with the channel and the moment.</summary>
    public const string NoticeDigest = "notice.digest";

    /// <summary>A person tried a channel.</summary>
    public const string NoticeTested = "notice.tested";

    /// <summary>Who acts where no person does.</summary>
    public const string System = "rotunda";
}
